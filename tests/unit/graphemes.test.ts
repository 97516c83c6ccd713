import { countInSlices } from "../../server/lib/graphemes";
import { expect, test } from "../support/plain-test";

/** A browser without `Intl.Segmenter`: the server accepts every text that it accepts. */

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

test("without graphemes a text never counts fewer characters than on the server, and plain text counts the same", async () => {
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
});

/** The parts of grapheme clusters: they join the part before them, after them, or both. */
const pieces = [
  ..."a \n\r é가각각日क्षि\u0301\u200d\ufe0f👩🇰🇷",
  "\r\n",
  "👨‍👩‍👧‍👦",
  "क्ष",
  "\ud83d",
  "\u0301".repeat(300),
  "👩‍".repeat(120),
  "🇰".repeat(201),
  "plain words ".repeat(20),
];

test("a text counted in slices has as many characters as in one piece", () => {
  const whole = new Intl.Segmenter(undefined, { granularity: "grapheme" });
  const seed = Math.floor(Math.random() * 2 ** 31);
  let state = seed;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >> 8) % below;
  };
  for (let round = 0; round < 100; round += 1) {
    const text = Array.from({ length: next(200) }, () => pieces[next(pieces.length)]).join("");
    expect(countInSlices(text), `seed ${seed}, round ${round}`).toBe([...whole.segment(text)].length);
  }
});

test("a long text costs no more than one of the allowed length", () => {
  const { Segmenter } = Intl;
  const segment = Segmenter.prototype.segment;
  const lengths: number[] = [];
  Segmenter.prototype.segment = function (text: string) {
    lengths.push(text.length);
    return segment.call(this, text);
  };
  try {
    expect(countInSlices("x".repeat(60_000), 2_000)).toBeGreaterThan(2_000);
    expect(lengths, "plain ASCII needs no segmenter").toEqual([]);
    expect(countInSlices("가".repeat(20_000), 2_000)).toBeGreaterThan(2_000);
    expect(Math.max(...lengths)).toBeLessThan(1_000);
    expect(lengths.reduce((sum, length) => sum + length)).toBeLessThan(4_000);
  } finally {
    Segmenter.prototype.segment = segment;
  }
});
