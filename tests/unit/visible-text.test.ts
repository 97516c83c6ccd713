import { isBlank } from "../../protocol/text";
import { checkText, checkTitle } from "../../server/gateway/check-text";
import { expect, test } from "../support/plain-test";

const all = Array.from({ length: 0x110000 }, (_, code) => code)
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => String.fromCodePoint(code));

const codeOf = (check: () => unknown): string => {
  try {
    check();
    return "ok";
  } catch (error) {
    return (error as { code: string }).code;
  }
};

test("[C-4] a text of format controls, fillers, white space or bare marks alone shows nothing", () => {
  // Control characters are refused on their own.
  const unseen = all.filter((character) =>
    /(?!\p{Cc})[\p{Cf}\p{Default_Ignorable_Code_Point}\p{M}\p{White_Space}\u2800\ufffc\u{1d159}]/u.test(
      character,
    ),
  );
  expect(unseen.length).toBeGreaterThan(5_000);
  expect(unseen.filter((character) => !isBlank(character.repeat(3)))).toEqual([]);
  expect(isBlank(unseen.join("\n"))).toBe(true);
});

test("[C-4] a letter, a sign, a digit or an emoji of any script is visible", () => {
  const seen = all.filter((character) => /[\p{L}\p{N}\p{P}\p{S}]/u.test(character));
  const blank = seen.filter(isBlank).map((character) => character.codePointAt(0)?.toString(16));
  // Four Hangul fillers, blank Braille, the object replacement character, and a musical note without a head.
  expect(blank).toEqual(["115f", "1160", "2800", "3164", "ffa0", "fffc", "1d159"]);
  for (const text of ["❤\ufe0f", "é", "e\u0301", "\u2800.", "\n\n1\n\n", "👩\u200d🚀", "\u200fשלום"])
    expect(isBlank(text), text).toBe(false);
});

test("[C-4] invisible characters alone are neither a text nor a title", () => {
  for (const text of [
    "",
    " ",
    "\u2800",
    "\u{1d159}\u{1d159}",
    "\u{13430}",
    "\ufff9\ufffb",
    "\u0301\u0302",
    "\n".repeat(60),
  ]) {
    expect(
      codeOf(() => checkText(text)),
      JSON.stringify(text),
    ).toBe("bad_request");
    expect(
      codeOf(() => checkTitle(text)),
      JSON.stringify(text),
    ).toBe("bad_request");
  }
});

test("[C-6] a title is stored without spaces at its ends, and with single plain spaces inside", () => {
  expect(checkTitle(" \u3000Tea \u00a0 time\u2003")).toBe("Tea time");
});
