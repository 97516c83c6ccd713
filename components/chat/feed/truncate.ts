/** The first characters of a text; a surrogate pair is not cut in two. */
export const truncate = (text: string, characters: number): string =>
  text.slice(0, characters).replace(/[\ud800-\udbff]$/, "");
