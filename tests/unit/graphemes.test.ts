import { expect, test } from "@playwright/test";

/** A browser without `Intl.Segmenter`: what it promises, the server keeps. */

const texts = [
  "",
  "plain",
  "e\u0301",
  "👩‍👩‍👧‍👦",
  "🇰🇷🇯🇵",
  "각",
  "한국어",
  "日本語",
  "a\u0300\u0301\u0302",
  "\r\n",
  "क्षि",
];

test("without graphemes no text counts fewer characters than the server's count, and plain text the same", async () => {
  const { countGraphemes: exact } = await import("../../protocol/text");
  const { Segmenter } = Intl;
  Reflect.deleteProperty(Intl, "Segmenter");
  // The same module once more, as a browser without graphemes loads it.
  const again = "../../protocol/text.ts?without-graphemes";
  const { countGraphemes: rough } = (await import(again)) as typeof import("../../protocol/text");
  Object.assign(Intl, { Segmenter });
  for (const text of texts) expect(rough(text), text).toBeGreaterThanOrEqual(exact(text));
  for (const text of ["plain", "한국어", "日本語"]) expect(rough(text)).toBe(exact(text));
  expect(rough("👩‍👩‍👧‍👦"), "code points").toBe(7);
  expect(rough("abcdef", 3), "it stops counting one past the limit").toBe(4);
});
