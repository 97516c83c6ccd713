/**
 * Undoes the tricks by which a text hides a word from a list. People read through them; a list would not. Each takes time
 * with the text's length alone.
 */

const unseen = /\p{Default_Ignorable_Code_Point}/gu;
const letterFor: Record<string, string> = {
  "0": "o",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  $: "s",
  "@": "a",
};
const signsForLetters = /(?<=\p{Script=Latin}\d{0,2})[03457$@]|[03457$@](?=\d{0,2}\p{Script=Latin})/gu;
const latinMarks = /(?<=\p{Script=Latin})\p{M}+/gu;
const undivided = String.raw`\p{Script=Hangul}|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}`;
const digitsInside = new RegExp(String.raw`(?<=${undivided})\d{1,2}(?=${undivided})`, "gu");

/**
 * `slùr`, `5lur`, `바1보`: signs that stand for letters become those, Latin letters lose their marks, and scripts whose
 * words have no digits lose them.
 */
export const withPlainLetters = (text: string): string =>
  text
    .normalize("NFKD")
    .replace(unseen, "")
    .replace(latinMarks, "")
    .normalize("NFC")
    .replace(signsForLetters, (sign) => letterFor[sign] ?? sign)
    .replace(digitsInside, "");

const pieces = /[\p{L}\p{M}\p{N}]+|[^\p{L}\p{M}\p{N}]+/gu;
const word = /^[\p{L}\p{M}\p{N}]/u;
const oneLetter = /^[\p{L}\p{N}]\p{M}*$/u;
/** `s - l - u - r` */
const mostBetween = 3;
/** `s l u r`, `s.l.u.r`: the letters that stand one by one, each row of them joined. Empty when there are none. */
export function spelledOut(text: string): string {
  const rows: string[] = [];
  let row = "";
  const end = () => {
    if ([...row].length > 1) rows.push(row);
    row = "";
  };
  for (const piece of text.match(pieces) ?? []) {
    if (oneLetter.test(piece)) row += piece;
    else if (word.test(piece) || piece.length > mostBetween) end();
  }
  end();
  return rows.join(" ");
}

/** The words in which a letter stands three times or more in a row: `sluuur`. */
export const stretchedWords = (text: string): string =>
  (text.match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).filter((word) => /(\p{L})\1\1/u.test(word)).join(" ");

/** Each row of one letter as a single one. */
export const unstretched = (word: string): string => word.replace(/(\p{L})\1+/gu, "$1");
