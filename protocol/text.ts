/** How both sides measure a text, so that the composer never promises what the server refuses (C-4). */

/** Firefox has it since 125. */
const segmenter =
  "Segmenter" in Intl ? new Intl.Segmenter(undefined, { granularity: "grapheme" }) : undefined;

/**
 * Counts graphemes, or code points in a browser that cannot segment. Code points are never fewer, so such a browser
 * warns too early but never promises what the server refuses. Counting stops one past `limit`: a hostile text costs no
 * more than an honest one.
 */
export function countGraphemes(text: string, limit = Number.POSITIVE_INFINITY): number {
  let count = 0;
  for (const _ of segmenter?.segment(text) ?? text) {
    count += 1;
    if (count > limit) break;
  }
  return count;
}

export const countBytes = (text: string): number => new TextEncoder().encode(text).length;

/** Control characters other than newline and tab; they have no place in a text (C-4). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const forbiddenControls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

export const hasForbiddenControls = (text: string): boolean => forbiddenControls.test(text);

/**
 * For a character class: characters that draw nothing. Format controls and fillers, and two with a blank drawing: blank
 * Braille and a note without a head.
 */
export const unseen = String.raw`\p{Cf}\p{Default_Ignorable_Code_Point}\u2800\u{1d159}`;

/**
 * For a character class: characters that leave no ink by themselves: those that draw nothing, white space, marks
 * without a letter, and the object replacement character.
 */
export const inkless = String.raw`${unseen}\s\p{M}\ufffc`;

const ink = new RegExp(`[^${inkless}]`, "u");

/** True for a text that has nothing to show (C-4). */
export const isBlank = (text: string): boolean => !ink.test(text);
