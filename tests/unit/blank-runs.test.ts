import { withoutBlankRuns } from "../../components/chat/feed/blank-runs";
import { expect, test } from "../support/plain-test";

test("normal blank lines are kept", () => {
  for (const text of [
    "one\n\ntwo",
    "one\n\n\ntwo",
    "if x:\n        return\n\n        pass",
    "wide          gap",
    "e\u0301\n\n\n\u0301",
    "❤\ufe0f\n\n❤\ufe0f",
    "👨\u200d👩\u200d👧",
    "a\u0301\u0302\u0303\u0304\u0305b",
  ])
    expect(withoutBlankRuns(text)).toBe(text);
});

test("more than two blank lines, of any white space, become two", () => {
  for (const line of [
    "\n",
    " \n",
    "\n\t",
    "\n\u2800",
    "\u3164\n",
    "\n\u00ad\u200b",
    "\u2028",
    "\n\u{13430}",
    "\n\ufff9",
  ])
    expect(withoutBlankRuns(`a${line.repeat(60)}b`), JSON.stringify(line)).toMatch(/^a[^\n]?\n\n\nb$/);
  expect(withoutBlankRuns("e\u0301\n\n\n\n\n❤\ufe0f\n\n\n\n\n.")).toBe("e\u0301\n\n\n❤\ufe0f\n\n\n.");
});

test("a long run of blanks in one line becomes two blank lines", () => {
  for (const blank of [" ", "\u3000", "\u2800", "\u00a0", "\u3164", "\t"])
    expect(withoutBlankRuns(`a${blank.repeat(900)}b`), JSON.stringify(blank)).toBe("a\n\n\nb");
});
