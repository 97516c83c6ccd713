import { readFileSync } from "node:fs";
import en from "../../components/words/en.json" with { type: "json" };
import ja from "../../components/words/ja.json" with { type: "json" };
import ko from "../../components/words/ko.json" with { type: "json" };
import { fill, type Pattern, partsOf } from "../../components/words/pattern";
import { locales } from "../../protocol/locales";
import { expect, test } from "../support/plain-test";

type Language = { locale: string; words: Record<string, Pattern> };

const english: Language = { locale: "en", words: en };
const languages: Language[] = locales.map((locale) => ({
  locale,
  words: JSON.parse(readFileSync(`components/words/${locale}.json`, "utf8")),
}));

const sentences = (pattern: Pattern): string[] =>
  typeof pattern === "string" ? [pattern] : Object.values(pattern);

const isBlank = (sentence: string): boolean => sentence.trim() === "";

const placeholders = (sentence: string): string[] =>
  partsOf(sentence)
    .filter((_, index) => index % 2 === 1)
    .sort();

for (const { locale, words } of languages) {
  test(`the words of ${locale} have exactly the keys of English`, () => {
    expect(Object.keys(words).sort()).toEqual(Object.keys(english.words).sort());
  });

  test(`every sentence of ${locale} has the placeholders of the English one, and is not empty`, () => {
    for (const [key, pattern] of Object.entries(words)) {
      const [expected = ""] = sentences(english.words[key] ?? "");
      const all = sentences(pattern);
      expect(all.map(placeholders), key).toEqual(all.map(() => placeholders(expected)));
    }
    expect(Object.keys(words).filter((key) => sentences(words[key] ?? "").some(isBlank))).toEqual([]);
  });

  test(`counted sentences in ${locale} have exactly the plural forms of that language`, () => {
    const forms = new Intl.PluralRules(locale).resolvedOptions().pluralCategories.sort();
    const counted = (patterns: Language["words"]) =>
      Object.keys(patterns)
        .filter((key) => typeof patterns[key] !== "string")
        .sort();
    expect(counted(words)).toEqual(counted(english.words));
    for (const key of counted(words)) expect(Object.keys(words[key] ?? {}).sort(), key).toEqual(forms);
  });
}

test("apostrophes are typographic in all languages, and a colon in Japanese is a wide one", () => {
  for (const { locale, words } of languages) {
    const wrong = locale === "ja" ? /'|: / : /'/;
    expect(
      Object.values(words)
        .flatMap(sentences)
        .filter((sentence) => wrong.test(sentence)),
    ).toEqual([]);
  }
});

test("a count chooses the plural form, and is written in the language's way", () => {
  expect(fill(en["composer.left"], "en", { count: 1 })).toBe("1 character left");
  expect(fill(en["composer.left"], "en", { count: 1234 })).toBe("1,234 characters left");
  expect(fill(ko["notices.join"], "ko", { count: 1 })).toBe("입장 1회");
});

test("a value that looks like a placeholder is unchanged", () => {
  expect(fill(ja["notice.join"], "ja", { name: "{name}" })).toBe("{name}さんが入室しました");
});
