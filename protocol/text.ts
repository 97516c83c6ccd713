/** How both sides measure a text, so that the composer never promises what the server refuses (C-4). */

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Counts graphemes, and stops counting one past `limit`: a hostile text costs no more than an honest one. */
export function countGraphemes(text: string, limit = Number.POSITIVE_INFINITY): number {
  let count = 0;
  for (const _ of segmenter.segment(text)) {
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
 * Inside a character class: what leaves no ink by itself. White space, format controls, fillers, and marks that stand on
 * nothing; by their drawing alone blank Braille, a note without a head, and the place of an object.
 */
export const inkless = String.raw`\s\p{Cf}\p{M}\p{Default_Ignorable_Code_Point}\u2800\ufffc\u{1d159}`;

const ink = new RegExp(`[^${inkless}]`, "u");

/** True for a text that has nothing to show. */
export const isBlank = (text: string): boolean => !ink.test(text);
