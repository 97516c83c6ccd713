/**
 * Undoes the tricks by which a text hides a word of a script with spaces from a list. People read through them; a list would not.
 * Each takes time with the text's length alone. Scripts without spaces: split-words.ts and stretched-scripts.ts.
 */

/** Scripts that are written without spaces between words, or with endings at them. */
export const unspacedScripts = String.raw`\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}`;
const letter = String.raw`[\p{L}--[${unspacedScripts}]]\p{M}*`;

const unseen = /\p{Default_Ignorable_Code_Point}/gu;
/** In Cyrillic the marks of й and ё make other letters; the rest only decorate. */
const marks = /(?<=\p{Script=Latin})\p{M}+|(?<=\p{Script=Cyrillic})[\p{M}--[\u0306\u0308]]+/gv;
/** `slùr` */
export const withoutMarks = (text: string): string =>
  text.normalize("NFKD").replace(unseen, "").replace(marks, "").normalize("NFC");

const letterFor: Record<string, string> = {
  "0": "o",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  $: "s",
  "@": "a",
};
const candidate = /[\p{L}\p{N}$@!|]+/gu;
const latin = /\p{Script=Latin}/gu;
/** Prices and mentions keep their signs: `US$5`. */
const sign = /[$@](?=[$@\d!|]{0,3}(?:\p{L}|$))/gu;
const upright = /(?<=\p{L})[!|](?=\p{L})|1|(?<=\p{Ll})I(?=\p{Ll})/gu;
/** `A55`, `GT7`, `B2`: a model, a size, a paper. */
const model = /^\p{Lu}{1,2}\d+$/u;

/**
 * `5lur`, `$1ur`, `s!ur`, `sIur`: digits and signs that stand for letters become those, in words of two real letters at least. An
 * upright stroke is read as `i` and as `l`.
 */
export const undisguised = (text: string): string =>
  text.replace(candidate, (word) => {
    if (!/[\d$@!|]|\p{Ll}I\p{Ll}/u.test(word)) return word;
    const letters = word.match(latin)?.length ?? 0;
    const hasSigns = /[$@]/.test(word);
    if (letters < (hasSigns ? 1 : 2) || model.test(word)) return word;
    const respelt = word
      .replace(sign, (each) => letterFor[each] ?? each)
      .replace(/[03457]/g, (digit) => (letters > 1 ? (letterFor[digit] ?? digit) : digit));
    const asI = respelt.replace(upright, "i");
    return asI === respelt ? respelt : `${asI} ${respelt.replace(upright, "l")}`;
  });

const oneOfRow = String.raw`(?:${letter}|[\d$@])`;
const between = String.raw`[^\p{L}\p{M}\p{N}$@]{1,3}`;
const row = new RegExp(
  String.raw`(?<![\p{L}\p{M}\p{N}$@])${oneOfRow}(?:${between}${oneOfRow}){2,}(?![\p{L}\p{M}\p{N}$@])`,
  "gv",
);
/** `K Y S Lee`, `J. R. R. Tolkien` */
const surname = /^\.? \p{Lu}\p{Ll}/u;

/** `s l u r`, `s.l.u.r`, `such a s l u r`: the letters that stand one by one, each row of them joined. */
export const withRowsJoined = (text: string): string =>
  text.replace(row, (spelt, offset: number) => {
    const letters = spelt.replace(/[^\p{L}\p{M}\p{N}$@]+/gu, "");
    const isOfInitials = !/\p{Ll}/u.test(letters) && surname.test(text.slice(offset + spelt.length));
    if (isOfInitials || (letters.match(/\p{L}/gu)?.length ?? 0) < 2) return spelt;
    return /^[ai]/iu.test(letters) ? `${letters} ${letters.slice(1)}` : letters;
  });

/** Not an apostrophe: `who're`. */
const signInside = /(?<=\p{Script=Latin})[-_.*~+=·•/\\]{1,3}(?=\p{Script=Latin})/gu;
/** `sl-ur`, `sl.ut`, `re_tard`: signs inside a word left out. */
export const withoutSignsInside = (text: string): string => text.replace(signInside, "");

const vowel = /[aeiouy]/iu;
const isFragment = (word: string) => !vowel.test(word) && !/^\p{Lu}$/u.test(word);
const short =
  /(?<![\p{L}\p{M}\p{N}'’])(\p{Script=Latin}{1,4}) (\p{Script=Latin}{1,4})(?![\p{L}\p{M}\p{N}'’])/gu;
/** `fu ck`, `slu r`: short words beside each other, one of which no language has. Not `pen is`. */
export const withFragmentsJoined = (text: string): string =>
  text.replace(short, (both, first: string, second: string) =>
    isFragment(first) || isFragment(second) ? first + second : both,
  );
