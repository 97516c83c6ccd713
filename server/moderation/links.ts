import { withBoundedMarks } from "./bounded-marks";

/**
 * The end of a scheme, `www.`, or a host with a path, each with what follows it. What only looks like a host (`e.g.`,
 * `node.js`) is none. A run of letters is tried from its beginning only: from each letter, 16 KiB of them take a second.
 */
const link = /[a-z\d]:\/\/\S+|\bwww\.\S+|(?<![\p{L}\p{N}-])[\p{L}\p{N}-]+\.\p{L}{2,24}(?::\d{1,5})?\/\S+/giu;
const unseen = /\p{Default_Ignorable_Code_Point}/gu;

/** How many links a text has, those included that are written to be overlooked. */
export function linksIn(text: string): number {
  const seen = withBoundedMarks(text).normalize("NFKC").replace(unseen, "");
  // The search is slow, and every link has one of the two.
  return seen.includes("/") || /www\./i.test(seen) ? (seen.match(link)?.length ?? 0) : 0;
}

/** O-5. */
export const hasLink = (text: string): boolean => linksIn(text) > 0;
