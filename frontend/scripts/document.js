// Draws a PDF page by page onto a canvas. The browser's own viewer would run the scripts that a PDF may carry; this does
// not: no scripting, no forms, no links, and what is not drawn yet is not even fetched.
import { getDocument, GlobalWorkerOptions } from "./pdf.mjs";

const here = new URL(".", import.meta.url);
GlobalWorkerOptions.workerSrc = new URL("pdf.worker.mjs", here).href;
const WIDEST = 2000;

async function draw(box, pdf, number) {
  const page = await pdf.getPage(number);
  const canvas = box.querySelector("[data-page]");
  const natural = page.getViewport({ scale: 1 });
  const wanted = Math.min(WIDEST, (canvas.parentElement.clientWidth || natural.width) * window.devicePixelRatio);
  const viewport = page.getViewport({ scale: wanted / natural.width });
  canvas.width = Math.floor(viewport.width);
  canvas.height = Math.floor(viewport.height);
  await page.render({ canvas, viewport }).promise;
  const text = await page.getTextContent();
  box.querySelector("[data-text]").textContent = text.items.map((each) => each.str || "").join(" ");
  box.querySelector("[data-place]").textContent = `${number} / ${pdf.numPages}`;
  box.querySelector("[data-previous]").disabled = number === 1;
  box.querySelector("[data-next]").disabled = number === pdf.numPages;
}

async function open(box) {
  const pdf = await getDocument({
    url: box.dataset.document,
    cMapUrl: new URL("cmaps/", here).href,
    standardFontDataUrl: new URL("standard_fonts/", here).href,
    isEvalSupported: false,
    useWasm: false,
    enableXfa: false,
    disableAutoFetch: true,
    disableStream: true,
    stopAtErrors: false,
  }).promise;
  let number = 1;
  const turn = async (by) => {
    number = Math.min(pdf.numPages, Math.max(1, number + by));
    await draw(box, pdf, number);
  };
  for (const [name, by] of [["previous", -1], ["next", 1]]) {
    const button = box.querySelector(`[data-${name}]`);
    button.hidden = pdf.numPages === 1;
    button.addEventListener("click", () => turn(by));
  }
  await turn(0);
}

for (const box of document.querySelectorAll("[data-document]")) {
  open(box).catch(() => {
    box.querySelector("[data-fault]").hidden = false;
    box.querySelector("[data-page]").hidden = true;
    box.querySelector("[data-place]").textContent = "";
  });
}
