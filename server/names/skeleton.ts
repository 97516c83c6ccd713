import { lookAlikes } from "./confusables";
import { eastAsianLookAlikes } from "./confusables-east-asian";
import { handleLookAlikes } from "./handle-confusables";

/** A name and the skeleton by which it is compared (ID-3). */
export type NameClaim = { name: string; skeleton: string };

/**
 * What a name or a title reads as, for comparing only, never for showing (ID-3, C-6): two are one when their skeletons are
 * equal. UTS #39's skeleton made blind to case, white space at the ends, small punctuation at the ends and invisible
 * characters; empty for a name that shows nothing. `skeleton(skeleton(name)) === skeleton(name)`; one line, no control
 * characters.
 */
export const skeleton = (name: string): string =>
  readThrough(name, lookAlikes, (reading) => withoutEdges(readAs(reading, eastAsianLookAlikes)));

/**
 * The skeleton of an account's handle (H-4). Accounts are found by it for as long as they are kept, so it never
 * changes. Only the owner sees a handle.
 */
export const handleSkeleton = (handle: string): string =>
  readThrough(handle, handleLookAlikes, (reading) => reading);

type Table = ReadonlyMap<string, string>;

function readThrough(name: string, table: Table, further: (reading: string) => string): string {
  let reading = readGreekCapitals(visible(name));
  // One pass may uncover work for the next: a mapped letter composes with the mark after it, ẞ folds to ß to ss.
  for (let before = ""; before !== reading; ) {
    before = reading;
    reading = further(visible(readAs(decomposed(fold(reading)), table)).replace(softDot, ""));
  }
  return reading;
}

/** Drops small signs at a name's ends: "Bob." reads as "Bob". A name of signs alone keeps them. */
const withoutEdges = (reading: string): string => reading.replace(edges, "") || reading;
/** U+02F3 is what 。 is read as. */
const edges = /^[\s.,:;'·_~、\u02F3-]+|[\s.,:;'·_~、\u02F3-]+$/gu;

/** A dot over i or j is part of the letter (and İ is no other name than I). */
const softDot = /(?<=[lj])\u0307/gu;

/** A loop, which takes a third of the time of a replacement: the guard reads each message. */
function readAs(text: string, table: Table): string {
  let read = "";
  for (const character of text) read += table.get(character) ?? character;
  return read;
}

/** Blank Braille, alone among what looks like a space, is neither white space nor ignorable to Unicode. */
const visible = (text: string): string =>
  text
    .normalize("NFKC")
    .replace(/[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cs}]/gu, "")
    .replace(/[\s\u2800]+/gu, " ")
    .replace(/\p{Cc}/gu, "")
    .trim()
    .normalize("NFKC");

/** Upper case between two lower ones is full case folding: it expands ß and loses ı, ſ and the final sigma. */
const fold = (text: string): string => text.toLowerCase().toUpperCase().toLowerCase().replaceAll("ς", "σ");

/** Separates marks from their letters. Hangul syllables stay as they come, composed or in single letters. */
const decomposed = (text: string): string =>
  text.replace(/\P{Script=Hangul}+/gu, (run) => run.normalize("NFD"));

/** Greek letters whose two cases look like two different Latin letters: [the capital's look, the small one's]. */
const twoFaced: Record<string, readonly [capital: string, small: string]> = {
  η: ["h", "n"],
  μ: ["m", "u"],
  ν: ["n", "v"],
  υ: ["y", "u"],
};

/**
 * Folding first would let Νick pass beside Nick; mapping first would separate ΣΙΣΥΦΟΣ from σίσυφος. So these four
 * letters are read by their look, unless the name is Greek: then both cases read the same.
 */
function readGreekCapitals(name: string): string {
  const readsAsGreek = /[γδθλξπσςφψω]/iu.test(name) && !/[\p{Script=Latin}\p{Script=Cyrillic}]/u.test(name);
  return name.normalize("NFD").replace(/[ημνυ]/giu, (letter) => {
    const small = letter.toLowerCase();
    const looks = twoFaced[small];
    if (!looks) return letter;
    return readsAsGreek || letter !== small ? looks[0] : looks[1];
  });
}
