/** A scheme, `www.`, or a host with a path. What only looks like a host (`e.g.`, `node.js`) is none. */
const link = /[a-z][a-z\d+.-]*:\/\/\S|\bwww\.\S|[\p{L}\p{N}-]+\.\p{L}{2,}(?::\d+)?\/\S/iu;
const unseen = /\p{Default_Ignorable_Code_Point}/gu;

/** O-5. Whether a text has a link, also one that is written to be overlooked. */
export const hasLink = (text: string): boolean => link.test(text.normalize("NFKC").replace(unseen, ""));
