import { handleSkeleton, skeleton } from "../../server/names/skeleton";
import { expect, test } from "../support/plain-test";

const sameName: [what: string, one: string, other: string][] = [
  ["case", "Brave Otter", "bRAVE oTTER"],
  ["Cyrillic letters", "Admin", "Аdmіn"],
  ["Cyrillic capitals", "BETTINA", "ВЕТТІNА"],
  ["Cyrillic small letters that are small capitals", "BHKMT", "внкмт"],
  ["Greek letters", "Ghost", "Ghοst"],
  ["a Greek capital whose small letter looks otherwise", "Nick", "Νick"],
  ["a Greek small letter whose capital looks otherwise", "Brave", "Braνe"],
  ["a name of Greek capitals only", "NINA", "ΝΙΝΑ"],
  ["Armenian letters", "unusohg", "սոստօհց"],
  ["Cherokee letters", "ADMIRAL", "ᎪᎠᎷᎥᏒᎪᏞ"],
  ["full width", "Admin 7", "Ａｄｍｉｎ　７"],
  ["mathematical letters", "Owner", "𝓞𝔀𝓷𝓮𝓻"],
  ["enclosed letters", "Owner", "Ⓞ🅦🅽🄴ⓡ"],
  ["small capitals", "owner", "ᴏᴡɴᴇʀ"],
  ["zero and O", "Bob", "B0b"],
  ["one, l, I and a bar", "IlI1", "l|1i"],
  ["l in capitals", "ADMlN", "admin"],
  ["rn and m", "Summer", "Sumrner"],
  ["vv and w", "Swan", "Svvan"],
  ["sharp s", "Straße", "STRASSE"],
  ["capital sharp s", "STRAẞE", "strasse"],
  ["long s", "moſs", "moss"],
  ["final sigma", "ΣΊΣΥΦΟΣ", "σίσυφος"],
  ["dotted and dotless i", "İstanbul", "ıstanbul"],
  ["composed and decomposed marks", "Zo\u00EB", "Zoe\u0308"],
  ["composed and decomposed Hangul", "수달", "수달".normalize("NFD")],
  ["half-width kana", "カワウソ", "ｶﾜｳｿ"],
  ["hiragana and katakana he", "へび", "ヘび"],
  ["kana and Han", "ロカ", "口力"],
  ["a lone Hangul vowel", "Will", "WㅣㅣI"],
  ["ligatures", "ﬁnch", "finch"],
  ["quotes and dashes", "o'neil-x", "o’neil–x"],
  ["zero-width characters", "Admin", "Ad\u200Bm\u200D\u2060in\uFEFF"],
  ["direction marks", "Admin", "\u202EAdmin\u202C\u2066"],
  ["soft hyphens", "Admin", "Ad\u00ADmin"],
  ["variation selectors and fillers", "수달", "수\uFE0F\u3164달\u115F"],
  ["tag characters", "Admin", "Admin\u{E0061}\u{E007F}"],
  ["a full stop at the end", "Bob", "Bob."],
  ["small signs at the ends", "Bob", "·.Bob’,"],
  ["an ideographic stop", "ソラ", "ソラ。"],
  ["a dash behind a space", "Brave Otter", "Brave Otter –"],
  ["katakana so and n", "ソラ", "ンラ"],
  ["katakana shi and tsu", "シバ", "ツバ"],
  ["small and large kana", "ショウ", "シヨウ"],
  ["small and large hiragana", "きょう", "きよう"],
  ["hiragana and katakana ri", "りん", "リん"],
  ["kana and Han strokes", "オハラ", "才ハラ"],
  ["the sun and to say", "日本", "曰本"],
  ["Han letters by a stroke's length", "土田", "士田"],
  ["oneself and already", "克己", "克已"],
  ["variants in a family name", "高崎", "髙﨑"],
  ["Coptic letters", "Otto Kay", "Ⲟⲧⲧⲟ Ⲕⲁⲩ"],
  ["letters for dialects", "Anna", "ꬰꬻꬼꬰ"],
  ["Old Italic letters", "Bob", "\u{10301}\u{1030f}\u{10301}"],
  ["Gothic letters", "Nora", "\u{1033d}\u{10349}\u{10342}\u{10330}"],
  ["small Cherokee letters", "Casey", "ꮯꭺꮪꭼꮍ"],
  ["Han letters in two shapes", "黒田", "黑田"],
  ["white space", "Brave Otter", "\u00A0 Brave \t\n\u3000\u2800Otter "],
];

for (const [what, one, other] of sameName) {
  test(`[ID-3] names that differ only by ${what} count as one`, () => {
    expect(skeleton(other)).toBe(skeleton(one));
  });
}

const differentNames: [one: string, other: string][] = [
  ["Brave Otter", "Brave Otter 2"],
  ["Brave Otter", "Brave Wolf"],
  ["BraveOtter", "Brave Otter"],
  ["Nick", "Vick"],
  ["Lucy", "Lusy"],
  ["Zoe", "Zoë"],
  ["용감한 수달", "용감한 수탉"],
  ["하마", "히마"],
  ["ゆうかんなカワウソ", "ゆうかんなカワウリ"],
  ["ハト", "バト"],
  ["Bob", "Bob!"],
  ["Bob", "Bob?"],
  ["J.R.", "JR"],
  ["..", "--"],
  ["さくら", "さくう"],
  ["田中", "由中"],
  ["大田", "太田"],
  ["한솔", "한술"],
  ["🦦", "🦊"],
];

for (const [one, other] of differentNames) {
  test(`[ID-3] ${one} and ${other} count as two names`, () => {
    expect(skeleton(other)).not.toBe(skeleton(one));
  });
}

test("[ID-3] names in plain letters have the skeletons that older replicas have stored", () => {
  const names = [
    "Will O'Neil",
    "Brave Otter 2",
    "용감한 수달",
    "지은이",
    "ゆうかんな",
    "プログラミング",
    "東京 花子",
    "Дарт",
  ];
  expect(names.map(skeleton)).toEqual(names.map(handleSkeleton));
});

test("[H-4] the skeletons that find accounts have never changed", () => {
  const stored = {
    ⲁlice: "ⲁllce",
    prаgue: "prague",
    ꮯasey: "casey",
    黒猫: "黒猫",
    "ŝal.lo_1": "ŝal.lo_l",
    이든: "olᄃーᆫ",
  };
  for (const [handle, skeleton] of Object.entries(stored))
    expect(handleSkeleton(handle).normalize("NFC"), handle).toBe(skeleton.normalize("NFC"));
});

test("[ID-3] a name that shows nothing has no skeleton", () => {
  expect(skeleton("\u200B \u3164\u2800\n\u202E\uD800")).toBe("");
});

/** Every character, between two plain letters so that nothing is lost at the ends. */
const everyName = () =>
  Array.from({ length: 0x30_000 }, (_, code) => code)
    .filter((code) => code < 0xd800 || code > 0xdfff)
    .map((code) => `x${String.fromCodePoint(code)}x`);

test("[ID-3] a skeleton is its own skeleton, one line, without control characters", () => {
  const faulty = everyName().filter((name) => {
    const once = skeleton(name);
    return skeleton(once) !== once || /[\p{Cc}\p{Zl}\p{Zp}]/u.test(once);
  });
  expect(faulty).toEqual([]);
});

test("[ID-3] case never distinguishes two names, except four Greek letters with two forms", () => {
  const caseTold = everyName()
    .filter((name) => !/[ημνυ\u03BC]/iu.test(name.normalize("NFKD")))
    .filter((name) => {
      const folded = skeleton(name);
      return skeleton(name.toUpperCase()) !== folded || skeleton(name.toLowerCase()) !== folded;
    });
  expect(caseTold).toEqual([]);
});

test("[ID-3] lone surrogates and long runs of marks do not stop the comparison", () => {
  expect(skeleton("a\uD800b\uDC00")).toBe("ab");
  expect(skeleton(`a${"\u0301".repeat(2_000)}`)).toHaveLength(2_000);
});
