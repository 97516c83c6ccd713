import * as generator from "unique-names-generator";
import { type Locale, locales } from "../../protocol/locales";
import { skeleton } from "../../server/names/skeleton";
import { numberedName, suggestNames } from "../../server/names/suggest";
import { readVocabulary, vocabularies } from "../../server/names/vocabulary";
import { expect, test } from "../support/plain-test";

/** Repeatable random numbers from 0 to below 1 (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const graphemes = (text: string) => Array.from(new Intl.Segmenter().segment(text)).length;
const longest = (words: string[]) => Math.max(...words.map(graphemes));
const shaped: Partial<Record<Locale, RegExp>> = {
  en: /^[A-Z][a-z]+ [A-Z][a-z]+$/,
  ko: /^\p{Script=Hangul}+ \p{Script=Hangul}+$/u,
  ja: /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー々]+$/u,
};

for (const locale of locales) {
  test(`[ID-3] names in ${locale} are of that language, distinct by skeleton, and carry it`, () => {
    const names = suggestNames(locale, 500, randomFrom(1));
    expect(names).toHaveLength(500);
    expect(new Set(names.map((suggestion) => suggestion.skeleton)).size).toBe(500);
    const shape = shaped[locale] ?? /^\p{L}+ \p{L}+$/u;
    expect(names.filter(({ name }) => !shape.test(name))).toEqual([]);
    expect(names.map((suggestion) => suggestion.skeleton)).toEqual(names.map(({ name }) => skeleton(name)));
  });

  test(`[ID-3] names in ${locale} depend only on the given random numbers`, () => {
    expect(suggestNames(locale, 20, randomFrom(7))).toEqual(suggestNames(locale, 20, randomFrom(7)));
    expect(suggestNames(locale, 20, randomFrom(7))).not.toEqual(suggestNames(locale, 20, randomFrom(8)));
  });

  test(`[ID-3] names in ${locale} are distinct however poor the random numbers are`, () => {
    for (const number of [0, 0.5, 1 - 2 ** -53]) {
      expect(suggestNames(locale, 12, () => number)).toHaveLength(12);
    }
  });

  test(`[ID-3] names in ${locale} are spread over all possible names`, () => {
    const random = randomFrom(3);
    const drawn = Array.from({ length: 2_000 }, () => suggestNames(locale, 1, random)[0]?.name);
    expect(new Set(drawn).size).toBeGreaterThan(1_800);
  });
}

for (const [locale, { adjectives, nouns }] of Object.entries(vocabularies)) {
  test(`[ID-3] the words of ${locale} are many, differ by skeleton, and leave room for a number`, () => {
    for (const words of [adjectives, nouns]) {
      expect(words.length).toBeGreaterThanOrEqual(120);
      expect(new Set(words.map(skeleton)).size).toBe(words.length);
      expect(words).not.toContain("");
    }
    const between = locale === "ja" ? 0 : 1;
    expect(longest(adjectives) + between + longest(nouns)).toBeLessThanOrEqual(19);
  });
}

test("[ID-3] English names use words of the generator's dictionaries only", () => {
  const { adjectives, nouns } = vocabularies.en;
  expect(adjectives.filter((word) => !generator.adjectives.includes(word.toLowerCase()))).toEqual([]);
  expect(nouns.filter((word) => !generator.animals.includes(word.toLowerCase()))).toEqual([]);
});

test("[ID-3] a file of words has known sections only", () => {
  const { adjectives, lobby } = readVocabulary("# Words\nadjectives:\nBrave Calm\n\nQuick\nlobby:\nLobby\n");
  expect([adjectives, lobby]).toEqual([["Brave", "Calm", "Quick"], ["Lobby"]]);
  expect(() => readVocabulary("adjectiv:\nBrave")).toThrow('the line "adjectiv:"');
  expect(() => readVocabulary("Brave\nadjectives:")).toThrow('the line "Brave"');
});

test("[ID-3] more names than a language has are refused", () => {
  expect(() => suggestNames("en", 10 ** 5, randomFrom(1))).toThrow(RangeError);
});

test("[ID-3] a number makes a taken name another one", () => {
  expect(numberedName("Brave Otter", 2)).toBe("Brave Otter 2");
  const numbered = Array.from({ length: 2_000 }, (_, n) => skeleton(numberedName("Brave Otter", n)));
  expect(new Set(numbered).size).toBe(2_000);
});
