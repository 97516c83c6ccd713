/** The first characters of a text, for where there is no space for more; a pair of surrogates is not cut in two. */
export const beginningOf = (text: string, characters: number): string =>
  text.slice(0, characters).replace(/[\ud800-\udbff]$/, "");
