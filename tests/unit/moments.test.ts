import { type Habits, habitsOf, placed } from "../../components/chat/feed/moments";
import type { Locale } from "../../protocol/events";
import { expect, test } from "../support/plain-test";

/** Times in the page's language, in the style of the reader's country. */

const evening = Date.UTC(2026, 10, 28, 19, 36);
const midnight = Date.UTC(2026, 10, 28, 0, 5);

const written = (options: Intl.DateTimeFormatOptions, locale: Locale, habits: Habits, at = evening): string =>
  placed(locale, { ...options, timeZone: "UTC" }, habits)
    .format(at)
    // Newer tables have a narrow space.
    .replace(/\u202f/g, " ");

const time = (locale: Locale, tag: string, at = evening): string =>
  written({ timeStyle: "short" }, locale, habitsOf(tag), at);

for (const [locale, tag, evenings, midnights] of [
  ["en", "en-US", "7:36 PM", "12:05 AM"],
  ["en", "en-GB", "19:36", "00:05"],
  ["en", "de-DE", "19:36", "00:05"],
  ["en", "de", "19:36", "00:05"],
  ["en", "fr-CA", "19:36", "00:05"],
  ["en", "en-AU", "7:36 pm", "12:05 am"],
  ["en", "ko-KR", "7:36 PM", "12:05 AM"],
  ["en", "en-US-u-hc-h23", "19:36", "00:05"],
  // Tables of 2025 and later have AM and PM.
  ["ko", "ko-KR", /^(오후|PM) 7:36$/, /^(오전|AM) 12:05$/],
  ["ko", "en-US", /^(오후|PM) 7:36$/, /^(오전|AM) 12:05$/],
  ["ko", "de-DE", "19:36", "00:05"],
  ["ja", "ja-JP", "19:36", "0:05"],
  ["ja", "en-US", "午後7:36", "午前12:05"],
] as const)
  test(`on the page in ${locale} a reader with ${tag} reads ${evenings}`, () => {
    expect([time(locale, tag), time(locale, tag, midnight)]).toEqual(
      [evenings, midnights].map((wanted) =>
        typeof wanted === "string" ? wanted : expect.stringMatching(wanted),
      ),
    );
  });

test("a date has the reader's order and the page's words", () => {
  const date: Intl.DateTimeFormatOptions = { dateStyle: "medium" };
  expect(written(date, "en", habitsOf("en-GB"))).toBe("28 Nov 2026");
  expect(written(date, "en", habitsOf("de-DE"))).toBe("28 Nov 2026");
  expect(written(date, "en", habitsOf("en-US"))).toBe("Nov 28, 2026");
  expect(written(date, "ko", habitsOf("de-DE"))).toBe("2026. 11. 28.");
});

test("if the browser's languages cannot be understood, the page uses its own style", () => {
  for (const tag of ["", "C", "en_US@posix", "not a language"]) {
    expect(habitsOf(tag)).toEqual({});
    expect(time("en", tag)).toBe("7:36 PM");
  }
});
