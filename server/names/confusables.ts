import { unicodeLookAlikes } from "./confusables-unicode";

/** Every character of the second string looks like the first. */
export type Group = readonly [reads: string, lookAlikes: string];

export const tableOf = (groups: readonly Group[]): ReadonlyMap<string, string> =>
  new Map(
    groups.flatMap(([reads, characters]) =>
      Array.from(characters, (character): [string, string] => [character, reads]),
    ),
  );

const fromHex = (hex: string): string =>
  String.fromCodePoint(...hex.split("+").map((code) => Number.parseInt(code, 16)));

const unicode: Group[] = unicodeLookAlikes
  .trim()
  .split("\n")
  .map((line) => {
    const [reads = "", ...characters] = line.split(" ").map(fromHex);
    return [reads, characters.join("")];
  });

const abc = Array.from("abcdefghijklmnopqrstuvwxyz");
/** Twenty-six letters from a code point on: as white on a black circle or square. */
const alphabetFrom = (first: number): Group[] =>
  abc.map((letter, index) => [letter, String.fromCodePoint(first + index)]);

/** Beside UTS #39, which reads these as letters of their own, or not at all. */
const beside: Group[] = [
  ...alphabetFrom(0x1f150),
  ...alphabetFrom(0x1f170),
  // Small capitals, and letters that only capitals lead to.
  ["a", "ᴀ"],
  ["b", "ʙβ"],
  ["d", "ᴅ"],
  ["e", "ᴇꞓ"],
  ["f", "ꜰʃ"],
  ["g", "ɢ"],
  ["h", "ʜ"],
  ["j", "ȷᴊ"],
  ["k", "ĸ"],
  ["l", "ʟ丨"],
  ["n", "ɴ"],
  ["p", "ᴘ"],
  ["rn", "ʍ"],
  ["t", "ᴛ"],
  ["vv", "w"],
  // The plainest letters of Hangul.
  ["l", "\u1175"],
  ["o", "\u110b"],
  ["ー", "\u1173"],
  // Coptic.
  ["a", "ⲁ"],
  ["q", "ϥ"],
  ["t", "ϯ"],
  ["w", "ⲱϣ"],
  ["x", "ϫ"],
  ["z", "ⲍ"],
  // Letters for dialects, U+AB30 to U+AB64, whose tails and rings no reader sees.
  ["a", "ꬰ"],
  ["ae", "ꬱ"],
  ["e", "ꬲꬳꬴ"],
  ["g", "ꬶ"],
  ["l", "ꬷꬸꬹ"],
  ["m", "ꬺ"],
  ["n", "ꬻꬼ"],
  ["o", "ꬾꬿ"],
  ["oe", "ꭀꭁꭂ"],
  ["oo", "ꭃꭄ"],
  ["r", "ꭅꭆꭉꭋꭌ"],
  ["rr", "ꭊ"],
  ["u", "ꭏ"],
  ["ui", "ꭐꭑ"],
  ["x", "ꭖꭗꭘꭙ"],
  // Old Italic and Gothic.
  ["a", "\u{10300}\u{10330}"],
  ["b", "\u{10331}"],
  ["d", "\u{10303}\u{10333}"],
  ["e", "\u{10304}\u{10334}"],
  ["f", "\u{10305}\u{10346}"],
  ["h", "\u{10337}"],
  ["k", "\u{1030a}\u{1033a}"],
  ["l", "\u{10339}"],
  ["m", "\u{1033c}"],
  ["n", "\u{1030d}\u{1033d}"],
  ["o", "\u{1030f}\u{10349}"],
  ["p", "\u{10310}"],
  ["r", "\u{10342}"],
  ["s", "\u{10314}\u{10343}"],
  ["t", "\u{10344}"],
  ["v", "\u{10316}"],
  ["x", "\u{10347}"],
];

/** Folded character -> what it reads as. */
export const lookAlikes: ReadonlyMap<string, string> = new Map([...tableOf(unicode), ...tableOf(beside)]);
