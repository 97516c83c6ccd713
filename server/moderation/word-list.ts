import { skeleton } from "../names/skeleton";
import { spelledOut, stretchedWords, unstretched, withPlainLetters } from "./hidden-words";

/** Scripts that are written without spaces between words, or with endings at them. */
const unspaced = /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]/u;
/** What the flag `u` lets stand behind a backslash; it takes no other sign there, a hyphen neither. */
const special = /[.*+?^${}()|[\]\\/]/g;
/** Letters of a word, in the terms of a skeleton: also the marks that it parts from them. */
const inWord = String.raw`[\p{L}\p{M}\p{N}]`;
const katakana = /[\u30a1-\u30f6]/gu;
const katakanaToHiragana = 0x60;

type Find = (text: string) => string | undefined;

/**
 * O-7. Finds the first of these words in a text, both compared by skeleton: Korean, Japanese and Chinese ones anywhere, all
 * others as whole words, and none the less if they are hidden (hidden-words.ts). Undefined when there is none. Throws
 * SyntaxError for words that are too much for one pattern.
 */
export function wordFinder(words: readonly string[]): Find {
  if (words.length === 0) return () => undefined;
  const inText = finder(words, readingOf, true);
  // Initials beside each other are often a short word.
  const inSpelled = finder(
    words.filter((word) => unspaced.test(word) || word.length > 2),
    readingOf,
    false,
  );
  const inStretched = finder(words, (word) => unstretched(readingOf(word)), true);
  return (text) => {
    const plain = withPlainLetters(text);
    return (
      inText(text) ??
      (plain === text ? undefined : inText(plain)) ??
      inSpelled(spelledOut(plain)) ??
      inStretched(stretchedWords(plain))
    );
  };
}

/**
 * `read`: the form in which words and texts are compared. `isWhole`: a part of a word is none, in scripts with spaces.
 */
function finder(words: readonly string[], read: (text: string) => string, isWhole: boolean): Find {
  const known = words
    .map((word) => ({ word, reading: read(word) }))
    .filter(({ reading }) => reading !== "")
    .map(({ word, reading }) => ({ word, pattern: patternOf(reading, isWhole) }));
  if (known.length === 0) return () => undefined;
  const any = new RegExp(known.map(({ pattern }) => pattern).join("|"), "u");
  // A pattern that is too large fails when it is first used.
  any.test("");
  return (text) => {
    const found = text === "" ? undefined : any.exec(read(text))?.[0];
    return found && known.find(({ pattern }) => new RegExp(`^(?:${pattern})$`, "u").test(found))?.word;
  };
}

/** Between the words of one entry any few signs may stand. */
function patternOf(reading: string, isWhole: boolean): string {
  const parts = reading.split(" ").map((part) => part.replace(special, "\\$&"));
  const pattern = parts.join(`(?:(?!${inWord}).){1,4}`);
  return isWhole && !unspaced.test(reading) ? `(?<!${inWord})${pattern}(?!${inWord})` : pattern;
}

/** Skeletons tell hiragana from katakana, in which Japanese writes the same word. */
const readingOf = (text: string): string =>
  skeleton(text).replace(katakana, (kana) => String.fromCharCode(kana.charCodeAt(0) - katakanaToHiragana));
