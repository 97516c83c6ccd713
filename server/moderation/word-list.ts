import { skeleton } from "../names/skeleton";

/** Scripts that are written without spaces between words, or with endings at them. */
const unspaced = /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]/u;
const special = /[.*+?^${}()|[\]\\/-]/g;
/** Letters of a word, in the terms of a skeleton: also the marks that it parts from them. */
const inWord = String.raw`[\p{L}\p{M}\p{N}]`;

/**
 * O-7. Finds the first of these words in a text, both compared by skeleton: Korean, Japanese and Chinese ones anywhere, all
 * others as whole words. Undefined when there is none.
 */
export function wordFinder(words: readonly string[]): (text: string) => string | undefined {
  const known = new Map(words.map((word) => [skeleton(word), word]));
  known.delete("");
  if (known.size === 0) return () => undefined;
  const parts = [...known.keys()].map((reading) => {
    const escaped = reading.replace(special, "\\$&");
    return unspaced.test(reading) ? escaped : `(?<!${inWord})${escaped}(?!${inWord})`;
  });
  const any = new RegExp(parts.join("|"), "u");
  return (text) => {
    const found = any.exec(skeleton(text))?.[0];
    return found === undefined ? undefined : known.get(found);
  };
}
