/** Counting the characters of texts that anybody may send (C-4), to the same number as protocol/text.ts. */

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Each step of a segmenter takes time in proportion to its whole text, so a long text is segmented in slices. */
const sliceUnits = 256;

const ascii = /^[\0-\x7f]*$/;

/**
 * Counts graphemes. It may stop once it is past `limit`: a hostile text costs no more than an honest one. Text of ASCII alone
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

function segmented(slice: string): { graphemes: number; lastAt: number } {
  let [graphemes, lastAt] = [0, 0];
  for (const { index } of segmenter.segment(slice)) {
    graphemes += 1;
    lastAt = index;
  }
  return { graphemes, lastAt };
}
