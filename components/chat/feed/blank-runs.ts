import { inkless } from "../../../protocol/text";

/** It does not begin with a mark, which belongs to the letter before it. */
const blankRun = new RegExp(String.raw`(?!\p{M})[${inkless}]{4,}`, "gu");

/** More is no layout of a text: about two lines on a phone. */
const maxBlanks = 80;

/** The text as it is shown: no more than two blank lines stand together, however many were sent. */
export const withoutBlankRuns = (text: string): string =>
  text.replace(blankRun, (run) =>
    run.length > maxBlanks || run.split(/[\n\u2028\u2029]/).length > 4 ? "\n\n\n" : run,
  );
