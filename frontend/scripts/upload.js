// Sends the file of a form in pieces, so that a connection that breaks off costs a piece and not the file (tus 1.0).
// Without this script the same form sends the file in one go.
const PIECE = 8 * 1024 * 1024;
const RETRY_AFTER = [0, 1000, 3000, 5000, 10000, 20000];

const token = (form) => form.querySelector("input[name=csrfmiddlewaretoken]").value;

// An upload that broke off is known by the file's name, size and time of change.
function known(form, file) {
  const waiting = JSON.parse(form.dataset.uploadWaiting || "[]");
  return waiting.find(
    (each) => each.name === file.name && each.size === file.size && each.modified === String(file.lastModified),
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

function send(form, file) {
  const box = form.querySelector("[data-upload-progress]");
  const before = known(form, file);
  const upload = new window.tus.Upload(file, {
    endpoint: form.dataset.uploadTo,
    uploadUrl: before ? `${form.dataset.uploadTo}${before.id}/` : null,
    chunkSize: PIECE,
    retryDelays: RETRY_AFTER,
    storeFingerprintForResuming: false, // nothing about evidence stays in the browser
    headers: { "X-CSRFToken": token(form) },
    metadata: {
      target: form.dataset.uploadTarget,
      filename: file.name,
      filetype: file.type,
      modified: String(file.lastModified),
    },
    onProgress: (sent, all) => show(form, all ? sent / all : 1),
    onUploadUrlAvailable: () => {
      // The next try goes on from here, also after the page was left and opened again.
      const id = upload.url.replace(/\/$/, "").split("/").pop();
      const mine = { id, name: file.name, size: file.size, modified: String(file.lastModified) };
      form.dataset.uploadWaiting = JSON.stringify([mine]);
    },
    onError: (error) => {
      const answer = error.originalResponse;
      const refused = answer && answer.getStatus() >= 400 && answer.getStatus() < 500;
      stop(form, refused ? `${box.dataset.refused}: ${answer.getBody()}` : box.dataset.lost);
    },
    onSuccess: () => {
      show(form, 1);
      form.elements.namedItem("upload").value = upload.url.replace(/\/$/, "").split("/").pop();
      form.elements.namedItem("file").disabled = true;
      form.submit();
    },
  });
  upload.start();
}

for (const form of document.querySelectorAll("form[data-upload-to]")) {
  form.addEventListener("submit", (event) => {
    const file = form.elements.namedItem("file").files[0];
    if (file && window.tus && window.tus.isSupported) {
      event.preventDefault();
      send(form, file);
    }
  });
}
