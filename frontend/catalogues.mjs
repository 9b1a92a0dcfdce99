// Turns the pages' catalogues (locale/*.po) into what Django reads (GNU .mo), without GNU gettext on the machine.
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import path from "node:path";

const QUOTED = /^(?:(msgctxt|msgid|msgid_plural|msgstr)(?:\[(\d+)\])?\s+)?"(.*)"$/;
const ESCAPES = { n: "\n", t: "\t", '"': '"', "\\": "\\" };

function unescape(text) {
  return text.replaceAll(/\\(.)/g, (_whole, sign) => ESCAPES[sign] ?? sign);
}

// Each entry as { msgctxt, msgid, msgid_plural, strings }; entries marked fuzzy are left out.
export function parse(source) {
  const entries = [];
  for (const block of source.split(/\n\s*\n/)) {
    const entry = { strings: [] };
    let target = null;
    for (const line of block.split("\n")) {
      const found = QUOTED.exec(line.trim());
      if (!found || line.startsWith("#")) {
        continue;
      }
      const [, keyword, place, text] = found;
      if (keyword) {
        target = keyword === "msgstr" ? [entry.strings, Number(place ?? 0)] : [entry, keyword];
        target[0][target[1]] = "";
      }
      if (target) {
        target[0][target[1]] += unescape(text);
      }
    }
    if (entry.msgid !== undefined && !/^#,.*\bfuzzy\b/m.test(block) && entry.strings.every(Boolean)) {
      entries.push(entry);
    }
  }
  return entries;
}

// The GNU .mo file: two tables of lengths and offsets, originals sorted by their bytes.
export function compile(entries) {
  const pairs = entries
    .map(({ msgctxt, msgid, msgid_plural: plural, strings }) => {
      const id = plural === undefined ? msgid : `${msgid}\0${plural}`;
      return [msgctxt === undefined ? id : `${msgctxt}\u0004${id}`, strings.join("\0")];
    })
    .map((pair) => pair.map((text) => Buffer.from(text, "utf8")))
    .sort(([first], [second]) => Buffer.compare(first, second));
  const head = Buffer.alloc(28 + 16 * pairs.length);
  [0x950412de, 0, pairs.length, 28, 28 + 8 * pairs.length, 0, 0].forEach((word, place) =>
    head.writeUInt32LE(word, 4 * place),
  );
  const pieces = [head];
  let offset = head.length;
  for (const side of [0, 1]) {
    pairs.forEach((pair, place) => {
      const at = 28 + 8 * (side * pairs.length + place);
      head.writeUInt32LE(pair[side].length, at);
      head.writeUInt32LE(offset, at + 4);
      pieces.push(pair[side], Buffer.from([0]));
      offset += pair[side].length + 1;
    });
  }
  return Buffer.concat(pieces);
}

export async function buildCatalogues(from, to) {
  for (const name of (await readdir(from)).filter((each) => each.endsWith(".po"))) {
    const folder = path.join(to, path.basename(name, ".po"), "LC_MESSAGES");
    await mkdir(folder, { recursive: true });
    const source = await readFile(path.join(from, name), "utf8");
    await writeFile(path.join(folder, "django.mo"), compile(parse(source)));
  }
}
