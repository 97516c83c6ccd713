import { unspacedScripts } from "./hidden-words";

/** What a right-to-left override draws in reverse, up to the override's end or the line's. */
const overridden = /\u202e([^\u202c\n]*)\u202c?/gu;
const oneLetter = String.raw`[^\S\n]*[${unspacedScripts}]\p{M}*[^\S\n]*`;
/** Lines of one letter each. Scripts with spaces: a row of letters (hidden-words.ts). */
const column = new RegExp(String.raw`^${oneLetter}(?:\n+${oneLetter})+$`, "gmu");

/** A text in the order in which it is read on the screen, where that is another than the order of its letters. */
export const asDrawn = (text: string): string =>
  text
    .replace(overridden, (_, run: string) => [...run.normalize("NFC")].reverse().join(""))
    .replace(column, (letters) => letters.replace(/\s+/gu, ""));
