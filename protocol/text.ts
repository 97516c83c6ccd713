/** How both sides measure a text, so that the composer never promises what the server refuses (C-4). */

/** Firefox has it since 125. */
const segmenter =
  "Segmenter" in Intl ? new Intl.Segmenter(undefined, { granularity: "grapheme" }) : undefined;

/** Each step of a segmenter takes time in proportion to its whole text, so a long text is segmented in slices. */
const sliceUnits = 256;

const ascii = /^[\0-\x7f]*$/;

/**
 * Counts graphemes, where the browser knows them; elsewhere code points, which are never fewer: such a browser warns too
 * early, and promises nothing that the server refuses. It may stop counting once it is past `limit`: a hostile text costs no
 * more than an honest one.
 */
export function countGraphemes(text: string, limit = Number.POSITIVE_INFINITY): number {
  if (ascii.test(text)) return text.length - text.split("\r\n").length + 1;
  if (segmenter === undefined) return [...text].length;
  let count = 0;
  let from = 0;
  let units = sliceUnits;
  while (from < text.length && count <= limit) {
    const slice = sliceOf(text, from, units);
    const isLast = from + slice.length === text.length;
    const { graphemes, lastAt } = segmented(slice, segmenter);
    // More of the last one may follow; what is before it depends on nothing behind.
    if (isLast) return count + graphemes;
    units = lastAt > 0 ? sliceUnits : 2 * units;
    if (lastAt > 0) count += graphemes - 1;
    from += lastAt;
  }
  return count;
}

/** Not through the middle of a surrogate pair. */
function sliceOf(text: string, from: number, units: number): string {
  const slice = text.slice(from, from + units);
  return /[\ud800-\udbff]$/.test(slice) ? text.slice(from, from + units + 1) : slice;
}

function segmented(slice: string, by: Intl.Segmenter): { graphemes: number; lastAt: number } {
  let [graphemes, lastAt] = [0, 0];
  for (const { index } of by.segment(slice)) {
    graphemes += 1;
    lastAt = index;
  }
  return { graphemes, lastAt };
}

export const countBytes = (text: string): number => new TextEncoder().encode(text).length;

/** Control characters other than newline and tab; they have no place in a text (C-4). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const forbiddenControls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

export const hasForbiddenControls = (text: string): boolean => forbiddenControls.test(text);

/** Inside a character class: what draws nothing. Format controls and fillers; blank Braille and a note without a head, by their drawing. */
export const unseen = String.raw`\p{Cf}\p{Default_Ignorable_Code_Point}\u2800\u{1d159}`;

/** Inside a character class: what leaves no ink by itself. Beside what draws nothing, white space and marks without a letter. */
export const inkless = String.raw`${unseen}\s\p{M}\ufffc`;

const ink = new RegExp(`[^${inkless}]`, "u");

/** True for a text that has nothing to show (C-4). */
export const isBlank = (text: string): boolean => !ink.test(text);
