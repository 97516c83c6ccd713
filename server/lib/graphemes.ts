/** Counts the characters of texts from untrusted clients (C-4), with the same result as protocol/text.ts. */

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Each step of a segmenter takes time in proportion to its whole text, so a long text is segmented in slices. */
const sliceUnits = 256;

const ascii = /^[\0-\x7f]*$/;

/**
 * Counts graphemes, and may stop once past `limit`, so that a hostile text costs no more than an honest one. ASCII text
 * needs no segmenter.
 */
export function countInSlices(text: string, limit = Number.POSITIVE_INFINITY): number {
  if (ascii.test(text)) return text.length - text.split("\r\n").length + 1;
  let count = 0;
  let from = 0;
  let units = sliceUnits;
  while (from < text.length && count <= limit) {
    const slice = sliceOf(text, from, units);
    const isLast = from + slice.length === text.length;
    const { graphemes, lastAt } = segmented(slice);
    // The slice may cut the last grapheme short; those before it do not depend on what follows.
    if (isLast) return count + graphemes;
    units = lastAt > 0 ? sliceUnits : 2 * units;
    if (lastAt > 0) count += graphemes - 1;
    from += lastAt;
  }
  return count;
}

/** Never cuts a surrogate pair in half. */
function sliceOf(text: string, from: number, units: number): string {
  const slice = text.slice(from, from + units);
  return /[\ud800-\udbff]$/.test(slice) ? text.slice(from, from + units + 1) : slice;
}

function segmented(slice: string): { graphemes: number; lastAt: number } {
  let [graphemes, lastAt] = [0, 0];
  for (const { index } of segmenter.segment(slice)) {
    graphemes += 1;
    lastAt = index;
  }
  return { graphemes, lastAt };
}
