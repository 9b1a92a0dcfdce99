// Sends the files of a form in pieces, so that a connection that breaks off costs a piece and not a file (tus 1.0).
// Without this script the same form sends them in one go.
const PIECE = 8 * 1024 * 1024;
const RETRY_AFTER = [0, 1000, 3000, 5000, 10000, 20000];

const token = (form) => form.querySelector("input[name=csrfmiddlewaretoken]").value;

// An upload that broke off is known by the file's name, size and time of change.
function known(form, file) {
  const waiting = JSON.parse(form.dataset.uploadWaiting || "[]");
  return waiting.find(
    (each) => each.name === called(file) && each.size === file.size && each.modified === String(file.lastModified),
  );
}

function show(form, share) {
  const box = form.querySelector("[data-upload-progress]");
  box.hidden = false;
  box.querySelector("progress").value = share;
  box.querySelector("[data-upload-said]").textContent = `${Math.floor(share * 100)} %`;
}

function stop(form, sentence) {
  form.querySelector("[data-upload-said]").textContent = sentence;
  form.querySelector("[data-upload-notice]").hidden = true;
  form.removeAttribute("aria-busy");
  for (const button of form.querySelectorAll("button[type=submit]")) {
    button.removeAttribute("aria-disabled");
  }
}

// What a file is called: within its folder, where a folder was chosen.
const called = (file) => file.webkitRelativePath || file.name;

// Sends one file; `done` is told the identifier under which it waits. `before` and `all` are bytes of the whole form.
function send(form, file, { before, all, done }) {
  const box = form.querySelector("[data-upload-progress]");
  const begun = known(form, file);
  const upload = new window.tus.Upload(file, {
    endpoint: form.dataset.uploadTo,
    uploadUrl: begun ? `${form.dataset.uploadTo}${begun.id}/` : null,
    chunkSize: PIECE,
    retryDelays: RETRY_AFTER,
    storeFingerprintForResuming: false, // nothing about evidence stays in the browser
    headers: { "X-CSRFToken": token(form) },
    metadata: {
      target: form.dataset.uploadTarget,
      filename: called(file),
      filetype: file.type,
      modified: String(file.lastModified),
    },
    onProgress: (sent) => show(form, all ? (before + sent) / all : 1),
    onUploadUrlAvailable: () => {
      // The next try goes on from here, also after the page was left and opened again.
      const mine = { id: idOf(upload), name: called(file), size: file.size, modified: String(file.lastModified) };
      const others = JSON.parse(form.dataset.uploadWaiting || "[]").filter((each) => each.id !== mine.id);
      form.dataset.uploadWaiting = JSON.stringify([...others, mine]);
    },
    onError: (error) => {
      const answer = error.originalResponse;
      const refused = answer && answer.getStatus() >= 400 && answer.getStatus() < 500;
      stop(form, refused ? `${box.dataset.refused}: ${called(file)}: ${answer.getBody()}` : box.dataset.lost);
    },
    onSuccess: () => done(idOf(upload)),
  });
  upload.start();
}

const idOf = (upload) => upload.url.replace(/\/$/, "").split("/").pop();

// Sends the files one after the other, then the form with the identifiers under which they wait.
function sendAll(form, files) {
  const all = files.reduce((sum, file) => sum + file.size, 0);
  const ids = [];
  let before = 0;
  const next = () => {
    if (ids.length < files.length) {
      const file = files[ids.length];
      send(form, file, {
        before,
        all,
        done: (id) => {
          ids.push(id);
          before += file.size;
          next();
        },
      });
      return;
    }
    show(form, 1);
    form.elements.namedItem("upload").value = ids.join(" ");
    for (const box of form.querySelectorAll("input[type=file]")) {
      box.disabled = true;
    }
    form.submit();
  };
  next();
}

for (const form of document.querySelectorAll("form[data-upload-to]")) {
  form.addEventListener("submit", (event) => {
    const files = [...form.querySelectorAll("input[type=file]")].flatMap((box) => [...box.files]);
    if (files.length && window.tus && window.tus.isSupported) {
      event.preventDefault();
      sendAll(form, files);
    }
  });
}
