/** A scheme, `www.`, or a host with a path. What only looks like a host (`e.g.`, `node.js`) is none. */
const link = /[a-z][a-z\d+.-]*:\/\/\S|\bwww\.\S|[\p{L}\p{N}-]+\.\p{L}{2,}(?::\d+)?\/\S/giu;
const unseen = /\p{Default_Ignorable_Code_Point}/gu;

/** How many links a text has, those included that are written to be overlooked. */
export const linksIn = (text: string): number =>
  text.normalize("NFKC").replace(unseen, "").match(link)?.length ?? 0;

/** O-5. */
export const hasLink = (text: string): boolean => linksIn(text) > 0;
