import { measure, withoutControls } from "../../components/chat/composer/text-limit";
import { expect, test } from "../support/plain-test";

const family = "👨‍👩‍👧‍👦";
const flag = "🇰🇷";
const jamo = "\u1100\u1161\u11a8";
const combined = "e\u0301";

test("[C-4] one character as a reader sees it counts as one, of any number of code points", () => {
  expect([family, flag, jamo, combined].map((one) => one.length)).toEqual([11, 4, 3, 2]);
  for (const one of [flag, jamo, combined, "가", "a"]) {
    expect(measure(one.repeat(1_799)), one).toEqual({ is: "fine" });
    expect(measure(one.repeat(1_800)), one).toEqual({ is: "near", left: 200 });
    // Two thousand syllables of three letters each are more than 16 KiB.
    expect(measure(one.repeat(2_000)), one).toEqual(one === jamo ? { is: "heavy" } : { is: "near", left: 0 });
    expect(measure(one.repeat(2_003)), one).toEqual({ is: "over", by: 3 });
  }
});

test("[C-4] few characters may have too many bytes, and the page does not call them too many", () => {
  expect(measure(family.repeat(600))).toEqual({ is: "fine" });
  expect(measure(family.repeat(700))).toEqual({ is: "heavy" });
});

test("[C-4] pasted control characters are removed; line breaks and tabs stay", () => {
  expect(withoutControls("a\u0000b\u001b[31m\tc\nd\u007f")).toBe("ab[31m\tc\nd");
  expect(withoutControls(`${family}\r\n`)).toBe(`${family}\n`);
});
