// Makes src/dedere/web/static: styles (left to right and right to left), fonts, scripts. Nothing is fetched.
import { cp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import rtlcss from "rtlcss";
import * as sass from "sass";
import { buildCatalogues } from "./catalogues.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const modules = path.join(here, "node_modules");
const web = path.join(here, "..", "src", "dedere", "web");
const target = path.join(web, "static", "dedere");

const SUBSETS = {
  "@fontsource-variable/noto-sans": ["latin", "latin-ext", "cyrillic", "cyrillic-ext", "greek"].map(
    (subset) => `noto-sans-${subset}-wght-normal.woff2`,
  ),
  "@fontsource-variable/noto-sans-arabic": ["noto-sans-arabic-arabic-wght-normal.woff2"],
};

async function buildStyles() {
  const { css } = sass.compile(path.join(here, "styles.scss"), {
    loadPaths: [here],
    style: "compressed",
    quietDeps: true,
    silenceDeprecations: ["import"],
  });
  // Signs of other houses ride along as image addresses in rules no page uses; without them nothing is asked for.
  const own = css.replaceAll(/url\((["']?)\/assets\/[^)]*\)/g, "none");
  await writeFile(path.join(target, "dedere.css"), own);
  await writeFile(path.join(target, "dedere-rtl.css"), rtlcss.process(own));
}

async function copyFonts() {
  await mkdir(path.join(target, "fonts"), { recursive: true });
  for (const [name, files] of Object.entries(SUBSETS)) {
    for (const file of files) {
      await cp(path.join(modules, name, "files", file), path.join(target, "fonts", file));
    }
    const licence = await readFile(path.join(modules, name, "LICENSE"), "utf8");
    await writeFile(path.join(target, "fonts", `${path.basename(name)}.LICENSE.txt`), licence);
  }
}

async function copyScripts() {
  const govuk = path.join(modules, "govuk-frontend", "dist", "govuk", "govuk-frontend.min.js");
  const script = await readFile(govuk, "utf8");
  // The map is not shipped, so the line that asks for it goes too.
  await writeFile(path.join(target, "govuk-frontend.js"), script.replace(/\n\/\/# sourceMappingURL=.*$/m, "\n"));
  await copyUploader();
  await copyDocumentViewer();
  await cp(path.join(here, "scripts"), target, { recursive: true });
  await cp(path.join(here, "images", "dedere.svg"), path.join(target, "dedere.svg"));
}

// Sends files in pieces that survive a cut.
async function copyUploader() {
  const folder = path.join(modules, "tus-js-client");
  const script = await readFile(path.join(folder, "dist", "tus.min.js"), "utf8");
  await writeFile(path.join(target, "tus.js"), script.replace(/\n\/\/# sourceMappingURL=.*$/m, "\n"));
  await cp(path.join(folder, "LICENSE"), path.join(target, "tus.LICENSE.txt"));
}

// Draws PDFs without running them: the drawing alone, none of the parts that script, and no WebAssembly.
async function copyDocumentViewer() {
  const folder = path.join(modules, "pdfjs-dist");
  for (const name of ["pdf", "pdf.worker"]) {
    await cp(path.join(folder, "build", `${name}.min.mjs`), path.join(target, `${name}.mjs`));
  }
  for (const name of ["cmaps", "standard_fonts"]) {
    await cp(path.join(folder, name), path.join(target, name), { recursive: true });
  }
  await cp(path.join(folder, "LICENSE"), path.join(target, "pdf.LICENSE.txt"));
}

// The server sends these in place of the files themselves to browsers that can read them.
async function compress() {
  for (const name of (await readdir(target)).filter((each) => /\.(css|m?js|svg)$/.test(each))) {
    const data = await readFile(path.join(target, name));
    await writeFile(path.join(target, `${name}.gz`), gzipSync(data, { level: 9 }));
    await writeFile(path.join(target, `${name}.br`), brotliCompressSync(data));
  }
}

await rm(target, { recursive: true, force: true });
await mkdir(target, { recursive: true });
await buildStyles();
await copyFonts();
await copyScripts();
await compress();
await rm(path.join(web, "locale"), { recursive: true, force: true });
await buildCatalogues(path.join(here, "locale"), path.join(web, "locale"));
