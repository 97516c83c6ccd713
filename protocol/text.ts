/** How both sides measure a text, so that the composer never promises what the server refuses (C-4). */

/** Firefox has it since 125. */
const segmenter =
  "Segmenter" in Intl ? new Intl.Segmenter(undefined, { granularity: "grapheme" }) : undefined;

/**
 * Counts graphemes, where the browser knows them; elsewhere code points, which are never fewer: such a browser warns too
 * early, and promises nothing that the server refuses. It stops counting one past `limit`: a hostile text costs no more than an
 * honest one.
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

/** True for a text that has nothing to show: only white space and characters that draw nothing. */
export const isBlank = (text: string): boolean => !/[^\s\p{Default_Ignorable_Code_Point}]/u.test(text);
