import { maxNameBytes } from "../../protocol/limits";
import { locales } from "../../protocol/locales";
import { claimName } from "../../server/names/rules";
import { skeleton } from "../../server/names/skeleton";
import { suggestNames } from "../../server/names/suggest";
import { expect, test } from "../support/plain-test";

const outcome = (name: string): string => {
  try {
    return claimName(name).name;
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return `${code}: ${message}`;
  }
};

/** People's names by script; characters that would be invisible in the source are escaped. */
const taken: Record<string, string> = {
  Latin: "Åsa O'Brien-Müller",
  Vietnamese: "Nguyễn Thị Hằng",
  "Vietnamese with its marks apart": "Nguyễn Thị Hằng".normalize("NFD"),
  "Yoruba, with a mark that no letter includes": "Ẹ́bùn",
  Korean: "용감한 수달",
  "Korean in single letters": "용감한 수달".normalize("NFD"),
  Japanese: "山田ガギグ ー々",
  "Japanese in half width": "ｶﾞｷﾞｸﾞ",
  "a variant of a Han letter": "\u845B\u{E0100}城",
  Thai: "น้ำใจ ที่รัก",
  "Hebrew with points": "שָּׁבת נְקֻדּוֹת",
  "Arabic with vowels": "مُحَمَّد",
  "Persian, its letters parted": "می\u200Cخواهم",
  "Hindi with three marks on a letter": "फ़िं शर्मा",
  "Hindi with a joiner": "क्\u200Dष नाम",
  Bengali: "র\u200D্যাব",
  Sinhala: "ශ්\u200Dරී ලංකා",
  "Malayalam ending in a joiner": "രാജന്\u200D",
  Tamil: "கார்த்திக்",
  Burmese: "လျှို့ဝှက်",
  Khmer: "ស្ត្រី ញ៉ាំ",
  Tibetan: "བསྒྲུབས",
  Georgian: "გიორგი",
  Amharic: "አበበ",
  Greek: "Γιώργος",
  "Greek with three marks apart from their letter": "ᾧδή".normalize("NFD"),
  Cyrillic: "Юлия Ёлкина",
  emoji: "🦦 Otter ❤\uFE0F 1\uFE0F\u20E3",
  "emoji made of several": "👩🏽\u200D🚀 👨\u200D👩\u200D👧\u200D👦",
  "the flags of England and Scotland":
    "\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}\u{1F3F4}\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}",
  "an emoji that Unicode has not named yet": "Otter \u{1FAFF}",
  "two letters": "Al",
  "24 letters": "x".repeat(24),
  "24 syllables": "가".repeat(24),
};

for (const [what, name] of Object.entries(taken)) {
  test(`[ID-3] ${what}: a name is accepted unchanged`, () => {
    expect(outcome(name)).toBe(name);
    expect(claimName(name).skeleton).toBe(skeleton(name));
  });
}

test("[ID-3] white space at the ends is dropped, and is one plain space inside", () => {
  expect(outcome("  Brave \u00A0\u3000 Otter\u2003")).toBe("Brave Otter");
});

const length = "bad_request: A name has 2 to 24 characters.";
const breaks = "bad_request: A name has no line breaks and no control characters.";
const direction = "bad_request: A name has no characters that turn the direction of writing.";
const invisible = "bad_request: A name has no invisible characters.";
const unshown = "bad_request: A name has no characters that cannot be shown.";
const bare = "bad_request: A mark in a name stands on a letter.";
const stacked = "bad_request: A name has at most three marks on one letter.";
const heavy = "bad_request: The name is too long.";

const refused: [what: string, name: string, why: string][] = [
  ["nothing", "", length],
  ["white space", " \u3000 ", length],
  ["one letter", " a ", length],
  ["25 letters", "x".repeat(25), length],
  ["a line break", "Brave\nOtter", breaks],
  ["a line break at its end", "Otter\r\n", breaks],
  ["a tab at its start", "\tOtter", breaks],
  ["a null", "Otter\u0000", breaks],
  ["a C1 control", "Ot\u0085ter", breaks],
  ["a line separator", "Otter\u2028", breaks],
  ["an override", "\u202EOtter", direction],
  ["an isolate", "Ot\u2066ter", direction],
  ["a direction mark", "Otter\u200F", direction],
  ["an Arabic letter mark", "Ot\u061Cter", direction],
  ["a zero-width space", "Ot\u200Bter", invisible],
  ["a joiner between Latin letters", "Ot\u200Dter", invisible],
  ["a non-joiner between Latin letters", "Ot\u200Cter", invisible],
  ["a non-joiner at the end of a Persian word", "می\u200C", invisible],
  ["two joiners behind a virama", "क्\u200D\u200Dष नाम", invisible],
  ["a joiner before a mark", "क्\u200D्\u200D् नाम", invisible],
  ["a joiner behind one emoji", "🦦\u200D Otter", invisible],
  ["a variation selector on a letter", "Otter\uFE0F", invisible],
  ["two variation selectors", "❤\uFE0F\uFE0F Otter", invisible],
  ["tag characters without a flag", "Otter\u{E0061}\u{E007F}", invisible],
  ["a soft hyphen", "Ot\u00ADter", invisible],
  ["a byte order mark at its start", "\uFEFFOtter", invisible],
  ["a Hangul filler", "\u3164\u3164", invisible],
  ["notes without heads", "\u{1D159}\u{1D159}", invisible],
  ["Egyptian format controls", "\u{13430}\u{13430}", invisible],
  ["anchors of annotations", "\uFFF9\uFFFA", invisible],
  ["fillers of half width", "\uFFA0\uFFA0", invisible],
  ["blank Braille", "\u2800\u2800", invisible],
  ["a grapheme joiner", "Ot\u034Fter", invisible],
  ["a private character", "Otter \uF8FF", unshown],
  ["half a pair", "Otter\uD83D", unshown],
  ["a replacement character", "Otter\uFFFD", unshown],
  ["a character that is none", "Otter\u{1FFFE}", unshown],
  ["a mark at its start", "\u0301Otter", bare],
  ["a mark on a space", "Brave \u0301Otter", bare],
  ["marks that climb", "Otte\u0300\u0301\u0302\u0303r", stacked],
  ["Thai marks that climb", "ก\u0E49\u0E49\u0E49\u0E49ข", stacked],
  ["Burmese marks without end", "မ\u102D\u102D\u102D\u102D\u102D\u102Dမ", stacked],
  ["a letter of many enclosing marks", "A\u20DD\u20DD\u20DDb", stacked],
  ["two graphemes that weigh a frame", `a${"\u0301".repeat(30_000)}b`, heavy],
  ["families over the bytes", "👨\u200D👩\u200D👧\u200D👦".repeat(16), heavy],
  ["white space without end", `Otter${" ".repeat(maxNameBytes)}`, heavy],
];

for (const [what, name, why] of refused) {
  test(`[ID-3] a name with ${what}, or only of that, is refused with a reason`, () => {
    expect(outcome(name)).toBe(why);
  });
}

test("[ID-3] a visitor may ask for every random name", () => {
  for (const locale of locales) {
    const names = suggestNames(locale, 1_000, Math.random).map(({ name }) => name);
    expect(names.filter((name) => outcome(name) !== name)).toEqual([]);
  }
});

/** All other characters: Han and Hangul are a third of Unicode, and need no test. */
const characters = Array.from({ length: 0x30_000 }, (_, code) => code)
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => String.fromCodePoint(code))
  .filter((character) => !/[\p{Script=Han}\p{Script=Hangul}\p{Cn}\p{Co}]/u.test(character));

test("[ID-3] no name of one character twice has an empty skeleton", () => {
  const empty = characters.filter((character) => {
    const name = outcome(character + character);
    return !name.startsWith("bad_request") && skeleton(name) === "";
  });
  expect(empty).toEqual([]);
});

test("[ID-3] names that differ only by invisible characters have one skeleton", () => {
  const same = (one: string, other: string) =>
    expect(claimName(one).skeleton, JSON.stringify(other)).toBe(claimName(other).skeleton);
  same("می\u200Cخواهم", "میخواهم");
  same("❤\uFE0F Otter", "❤ Otter");
  same("രാജന്\u200D", "രാജന്");
  same("\u845B\u{E0100}城", "葛城");
});
