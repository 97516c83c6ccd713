/**
 * Writes server/names/confusables-unicode.ts from Unicode's own table of characters that look alike (UTS #39):
 *
 *     npx tsx scripts/read-confusables.ts confusables.txt
 *
 * The file is https://www.unicode.org/Public/security/latest/confusables.txt; Debian's source package of ICU has it too
 * (source/data/unidata/confusables.txt).
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const target = "server/names/confusables-unicode.ts";

/** Letters whose capitals look different: skeleton.ts reads these by their look. */
const twoFaced = "ημνυ";

const text = readFileSync(path.resolve(process.argv[2] ?? "confusables.txt"), "utf8");
const version = /^# Version: (\S+)$/m.exec(text)?.[1];
if (version === undefined) throw new Error("this is not confusables.txt");

const fromHex = (hex: string): string =>
  String.fromCodePoint(...hex.split(" ").map((code) => Number.parseInt(code, 16)));

/** Folds and decomposes a text as skeleton.ts does. */
const folded = (characters: string): string => {
  const composed = characters.normalize("NFKC").replace(/\p{Default_Ignorable_Code_Point}/gu, "");
  const small = composed.toLowerCase().toUpperCase().toLowerCase().replaceAll("ς", "σ");
  return small.replace(/\P{Script=Hangul}+/gu, (run) => run.normalize("NFD"));
};
const isOne = (characters: string): boolean => characters !== "" && Array.from(characters).length === 1;

/**
 * Pairs that no reader confuses: a Han letter and a part of Hangul, く and a bracket, ぱ's ring and a Latin one; and a
 * Hangul syllable and its own letters. All of these are common in names.
 */
const isHan = /^\p{Script=Han}$/u;
const isHangul = /\p{Script=Hangul}/u;
const isKatakana = /^\p{Script=Katakana}$/u;
const isEastAsian = /^[\p{Script=Han}\p{Script=Hiragana}]$/u;
const halfVoiced = "\u309a";
const isFarFetched = (source: string, reads: string): boolean =>
  source === "く" ||
  source === halfVoiced ||
  isHangul.test(source) ||
  (isHan.test(source) && /\p{Script=Hangul}/u.test(reads));

const pairs = Array.from(text.matchAll(/^([0-9A-F]+) ;\t([0-9A-F ]+) ;/gm), ([, from = "", to = ""]) => {
  const [source, reads] = [fromHex(from), folded(fromHex(to))];
  // NFKC replaces such a character before any comparison: it turns Ⓒ into C, not into ©.
  const isKept = source.normalize("NFKC") === source;
  // Katakana stay as they are; the few Han letters and hiragana that look like a katakana are read as that katakana.
  if (isKatakana.test(source) && isEastAsian.test(reads))
    return { isKept, isSmall: true, source: reads, reads: source };
  return { isKept, isSmall: folded(source) === source, source: folded(source), reads };
}).filter(
  ({ isKept, source, reads }) =>
    isKept &&
    isOne(source) &&
    reads !== "" &&
    reads !== source &&
    !twoFaced.includes(source) &&
    !isFarFetched(source, reads),
);

/** The look of a letter, as capital or small, that is made of ASCII; otherwise the look of the small letter. */
const looks = new Map<string, string[]>();
for (const { source, reads } of pairs.sort((a, b) => Number(b.isSmall) - Number(a.isSmall)))
  looks.set(source, [...(looks.get(source) ?? []), reads]);

function readAs(text: string, seen: readonly string[] = []): string {
  return Array.from(text, (character) => {
    if (seen.includes(character)) return character;
    const read = (looks.get(character) ?? []).map((look) => readAs(folded(look), [...seen, character]));
    return read.find((look) => /^[\x20-\x7e]+$/.test(look)) ?? read[0] ?? character;
  }).join("");
}

const groups = new Map<string, string[]>();
for (const source of looks.keys()) {
  const reads = readAs(source);
  if (reads !== source) groups.set(reads, [...(groups.get(reads) ?? []), source]);
}

const hex = (characters: string): string =>
  Array.from(characters, (character) => character.codePointAt(0)?.toString(16)).join("+");
const byCode = (a: string, b: string): number => (a < b ? -1 : 1);
const lines = [...groups]
  .sort(([a], [b]) => byCode(a, b))
  .map(([reads, sources]) => `${hex(reads)} ${sources.sort(byCode).map(hex).join(" ")}`);

writeFileSync(
  target,
  `/**
 * Unicode's characters that look alike (UTS #39 ${version}), folded as skeleton.ts folds: on each line what is read, in
 * hexadecimal and joined by "+", and then each character that looks like it. Written by scripts/read-confusables.ts.
 *
 * Unicode data: © Unicode, Inc., Unicode License V3, https://www.unicode.org/license.txt
 */
export const unicodeLookAlikes = \`
${lines.join("\n")}\`;
`,
);
process.stdout.write(
  `${target}: ${groups.size} readings of ${[...groups.values()].flat().length} characters\n`,
);
