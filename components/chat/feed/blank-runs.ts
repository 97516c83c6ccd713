import { inkless } from "../../../protocol/text";

/** A run does not begin with a mark, which belongs to the letter before it. */
const blankRun = new RegExp(String.raw`(?!\p{M})[${inkless}]{4,}`, "gu");

/** About two lines on a phone: a longer run is not meant as layout. */
const maxBlanks = 80;

/** The text as it is shown: with at most two blank lines together, however many were sent. */
export const withoutBlankRuns = (text: string): string =>
  text.replace(blankRun, (run) =>
    run.length > maxBlanks || run.split(/[\n\u2028\u2029]/).length > 4 ? "\n\n\n" : run,
  );
