import { expect, test } from "@playwright/test";
import { wordFinder } from "../../server/moderation/word-list";

const find = wordFinder(["slur", "two words", "c++", "욕설", "悪口", "  ", "Ärger"]);

test("[O-7] listed words are found in any look-alike spelling", () => {
  for (const text of ["slur", "You SLUR!", "a ѕlυr", "s\u200blur", "ｓｌｕｒ", "it’s a slur, yes"])
    expect(find(text), text).toBe("slur");
  expect(find("these two  words")).toBe("two words");
  expect(find("C++ is fast")).toBe("c++");
  expect(find("so ein ÄRGER")).toBe("Ärger");
});

test("[O-7] Korean, Japanese and Chinese words are found inside longer ones, all others whole only", () => {
  expect(find("이런욕설이라니")).toBe("욕설");
  expect(find("彼の悪口を言う")).toBe("悪口");
  for (const text of [
    "slurp the soup",
    "blurs",
    "two wordsmiths",
    "욕 설명",
    "",
    "ordinary talk",
    "Ärgernis",
  ])
    expect(find(text), text).toBeUndefined();
});

test("[O-7] listed words are found spelled out, stretched, marked and with signs for letters", () => {
  for (const text of ["s.l.u.r", "a s - l - u - r", "sluuur", "slùr", "5lur", "$1ur"])
    expect(find(text), text).toBe("slur");
  for (const text of ["욕 설", "욕1설", "그 욕.설 좀"]) expect(find(text), text).toBe("욕설");
  expect(find("two-words")).toBe("two words");
  for (const text of ["s l u", "is lurking", "a b c"]) expect(find(text), text).toBeUndefined();
});

test("[O-7] without words nothing is found", () => {
  expect(wordFinder([])("slur")).toBeUndefined();
  expect(wordFinder([" "])("slur")).toBeUndefined();
});

test("[O-7] a word of any signs is found, beside any others", () => {
  const signs = Array.from({ length: 0x7f - 0x21 }, (_, index) => String.fromCharCode(0x21 + index));
  const words = [
    "semi-nude",
    "18-禁",
    "エロ-動画",
    "ㅅ-ㅂ",
    "a[b",
    "x{2}",
    "(?<!y)",
    "\\p{L}",
    "🔞",
    "👨‍👩‍👧‍👦",
    "漢字",
    "𠮷",
  ];
  for (const word of [...signs, ...words])
    expect(wordFinder([word])(`before ${word} after`), word).toBe(word);
  const findAny = wordFinder([...words, ...signs]);
  for (const word of words) expect(findAny(`前 ${word} 後`), word).toBeDefined();
});
