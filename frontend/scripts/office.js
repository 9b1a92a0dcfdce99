// Everything here only quickens pages that already work without it.
import { initAll } from "./govuk-frontend.js";

document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported");
}
initAll();

// Pages that are printed show what a reader would have to open on screen.
window.addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details:not([open])")) {
    details.dataset.closedBeforePrint = "";
    details.open = true;
  }
});
window.addEventListener("afterprint", () => {
  for (const details of document.querySelectorAll("details[data-closed-before-print]")) {
    delete details.dataset.closedBeforePrint;
    details.open = false;
  }
});

// A choice that reloads the page (filters) sends its form by itself; the button stays for everybody else.
for (const control of document.querySelectorAll("[data-submit-on-change]")) {
  control.addEventListener("change", () => control.form.requestSubmit());
}

// A form that sends a file says that it is working and cannot be sent twice.
for (const form of document.querySelectorAll("form[data-uploads]")) {
  form.addEventListener("submit", () => {
    form.setAttribute("aria-busy", "true");
    const notice = form.querySelector("[data-upload-notice]");
    if (notice) {
      notice.hidden = false;
    }
    for (const button of form.querySelectorAll("button[type=submit]")) {
      button.setAttribute("aria-disabled", "true");
    }
  });
}
