/**
 * The first key behind all that begin with this prefix, whose last character is ASCII. LevelDB compares keys as bytes of
 * UTF-8, in which "\uffff" comes before an emoji.
 */
export const endOf = (prefix: string): string =>
  prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
