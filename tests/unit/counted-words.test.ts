import en from "../../components/words/en.json" with { type: "json" };
import ja from "../../components/words/ja.json" with { type: "json" };
import ko from "../../components/words/ko.json" with { type: "json" };
import { type Pattern, partsOf, sentenceOf } from "../../components/words/pattern";
import {
  maxGuardWords,
  maxHandleGraphemes,
  maxNameGraphemes,
  minHandleGraphemes,
  minNameGraphemes,
  minPasswordGraphemes,
} from "../../protocol/limits";
import { expect, test } from "../support/plain-test";

/** Sentences with numbers, with each number as none, one, two and many. */

type WordList = Record<string, Pattern>;

/** The placeholders that stand for numbers. */
const numbers = new Set("bound count days limit max messages min most number reports score".split(" "));
const counts = [0, 1, 2, 1_234];

const handle = { min: minHandleGraphemes, max: maxHandleGraphemes };
const password = { min: minPasswordGraphemes };
const name = { min: minNameGraphemes, max: maxNameGraphemes };
/** Sentences with numbers that no setting and no visitor changes. */
const unchanging: Record<string, Record<string, number>> = {
  "account.handleHint": handle,
  "account.handleLength": handle,
  "account.passwordHint": password,
  "account.passwordShort": password,
  "name.hint": name,
  "name.short": name,
  "owner.guard.tooMany": { count: maxGuardWords },
  "privacy.you.rooms": { days: 400 },
  "privacy.you.address": { days: 30 },
  "privacy.order.reports": { reports: 500 },
  "privacy.order.log": { days: 400 },
};

/** The sentence with its numbers between marks, which tell them from digits of the sentence itself. */
function written(key: string, pattern: Pattern, locale: string, count: number): string {
  const numberAt = (placeholder: string) => unchanging[key]?.[placeholder] ?? count;
  return partsOf(sentenceOf(pattern, locale, numberAt("count")))
    .map((part, index) => (index % 2 === 0 ? part : numbers.has(part) ? `<${numberAt(part)}>` : "…"))
    .join("");
}

/** Every sentence with a number of one of these counts. */
const countedIn = (words: WordList, locale: string, of = counts): string[] =>
  Object.entries(words).flatMap(([key, pattern]) =>
    of.map((count) => written(key, pattern, locale, count)).filter((sentence) => sentence.includes("<")),
  );

const lettersOf = (sentence = ""): string[] => sentence.match(/\p{L}[\p{L}’]*/gu) ?? [];

/** The words that only one of the two sentences of a counted English pattern has: of one thing, and of several. */
function formsOf(words: WordList): { one: string[]; other: string[] } {
  const pairs = Object.values(words).filter((pattern) => typeof pattern !== "string");
  const onlyIn = (these: "one" | "other", those: "one" | "other") =>
    pairs.flatMap((pattern) => {
      const elsewhere = new Set(lettersOf(pattern[those]));
      return lettersOf(pattern[these]).filter((word) => !elsewhere.has(word));
    });
  return { one: onlyIn("one", "other"), other: [...onlyIn("other", "one"), "people", "are", "have"] };
}

/** Sentences in which a number of things has the form of another number: “1 messages”, “2 new message”, “1 visitor are”. */
function wrongEnglish(words: WordList): string[] {
  const { one, other } = formsOf(words);
  const after = (number: string, forms: string[]) =>
    new RegExp(String.raw`<${number}>(?: \p{L}+)? (?:${[...forms, "-"].join("|")})(?![\p{L}’])`, "u");
  const [single, several] = [after("1", other), after("(?!1>)\\d+", one)];
  const isUnlisted = /<1> (?:\p{L}+ )?(?!is\b|was\b|has\b)\p{Ll}+s\b/u;
  return countedIn(words, "en").filter(
    (sentence) => single.test(sentence) || several.test(sentence) || isUnlisted.test(sentence),
  );
}

/** What a number counts in Korean and Japanese stands behind it; a bound and a score count nothing. */
const counters = {
  ko: /^(개|명|건|회|초|분|일|자|점|번)/,
  ja: /^(件|人|回|秒|分|日|文字|語|に戻る|から)/,
};

/** Sentences in which a number stands before a word that is no counter. */
const wrongCounters = (words: WordList, locale: keyof typeof counters): string[] =>
  countedIn(words, locale, [2]).filter((sentence) =>
    sentence
      .split(/<\d+>/)
      .slice(1)
      .some((rest) => /^[\s~〜]*\p{L}/u.test(rest) && !counters[locale].test(rest)),
  );

test("no number stands beside a form of another number: no “1 messages”, no “2 message”", () => {
  expect(wrongEnglish(en)).toEqual([]);
  expect(countedIn(en, "en").length, "sentences were looked at").toBeGreaterThan(150);
});

test("in Korean and Japanese a counter follows each number", () => {
  expect(wrongCounters(ko, "ko")).toEqual([]);
  expect(wrongCounters(ja, "ja")).toEqual([]);
});

test("a sentence that counts wrongly is found", () => {
  const wrong: WordList = {
    plain: "The last {limit} messages are kept.",
    people: "{count} people",
    unlisted: "{count} new spoons",
    same: { one: "{count} rooms", other: "{count} rooms" },
    turned: { one: "{count} reports", other: "{count} report" },
    verb: { one: "{count} visitor are here", other: "{count} visitors are here" },
  };
  const found = wrongEnglish({ ...en, ...wrong });
  for (const [key, pattern] of Object.entries(wrong))
    expect(
      counts.some((count) => found.includes(written(key, pattern, "en", count))),
      key,
    ).toBe(true);
  expect(wrongCounters({ bare: { other: "새 {count} 메시지" } }, "ko")).toHaveLength(1);
  expect(wrongCounters({ bare: "{limit}メッセージ" }, "ja")).toHaveLength(1);
});
