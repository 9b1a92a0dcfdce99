// Asks the browser for a passkey when a form marked `data-passkey` is sent, and sends the answer with it as JSON.
// Bytes travel as base64url, as Web Authentication's own JSON form has them.
const decode = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const encode = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");

const withBytes = (list) => (list ?? []).map((each) => ({ ...each, id: decode(each.id) }));

function question() {
  const { publicKey } = JSON.parse(document.getElementById("passkey-question").textContent);
  const asked = { ...publicKey, challenge: decode(publicKey.challenge) };
  if (publicKey.user) {
    asked.user = { ...publicKey.user, id: decode(publicKey.user.id) };
    asked.excludeCredentials = withBytes(publicKey.excludeCredentials);
  } else {
    asked.allowCredentials = withBytes(publicKey.allowCredentials);
  }
  return { publicKey: asked };
}

function plain(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) {
      response[name] = encode(credential.response[name]);
    }
  }
  return JSON.stringify({
    id: credential.id,
    rawId: encode(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  });
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const notice = form.querySelector("[data-passkey-notice]");
  for (const button of form.querySelectorAll("[data-passkey-button]")) {
    button.hidden = false;
  }
  form.addEventListener("submit", async (event) => {
    if (form.elements.answer.value) {
      return;
    }
    event.preventDefault();
    notice.hidden = true;
    try {
      const credential = await navigator.credentials[form.dataset.passkey](question());
      form.elements.answer.value = plain(credential);
      form.requestSubmit();
    } catch {
      notice.hidden = false;
    }
  });
}
