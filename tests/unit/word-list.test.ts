import { maxGuardWords, maxTextBytes } from "../../protocol/limits";
import { wordFinder } from "../../server/moderation/word-list";
import { expect, test } from "../support/plain-test";

const find = wordFinder(["slur", "two words", "c++", "욕설", "悪口", "  ", "Ärger"]);

test("[O-7] listed words are found in any look-alike spelling", () => {
  for (const text of ["slur", "You SLUR!", "a ѕlυr", "s\u200blur", "ｓｌｕｒ", "it’s a slur, yes"])
    expect(find(text), text).toBe("slur");
  expect(find("these two  words")).toBe("two words");
  expect(find("C++ is fast")).toBe("c++");
  expect(find("so ein ÄRGER")).toBe("Ärger");
});

test("[O-7] Korean, Japanese and Chinese words are found inside longer ones, all others only as whole words", () => {
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

const everyone = wordFinder([
  ..."ass tit slut slur fuck kys retard whore shit penis".split(" "),
  ..."fuck you,buy followers,no us,바보새끼,시발,씨발,개새끼,미친놈,병신,등신,욕,ばか,うざい,きもい,消えろ,くたばれ,死ね".split(
    ",",
  ),
]);
const missedOf = (texts: string[]) => texts.filter((text) => everyone(text) === undefined);
const hitsOf = (texts: string[]) => texts.filter((text) => everyone(text) !== undefined);

test("[O-7] a word of Korean or Japanese is found when it is split, spelled in letters or stretched", () => {
  const split =
    "개 새끼,개새 끼,바보 새끼들아,미친 놈아,병1신,병.신,개1새1끼,개.새.끼야,이 등.신 같은,くた ばれ,消え ろよ,う ざ い,き・も・い";
  const letters =
    "ㅂㅕㅇㅅㅣㄴ,병ㅅㅣㄴ,ㅂㅕㅇ신,ㅁㅣㅊㅣㄴㄴㅗㅁ,개새ㄲㅣ,ㄷㅡㅇㅅㅣㄴ,ㅆㅣㅂㅏㄹ,이ㅂㅕㅇㅅㅣㄴ아";
  const long =
    "ばーか,ばーーか,ばぁか,ばああああか,うざーい,うざ〜い,きもーい,バ～カ,ﾊﾞｶ,씨이이발,씨ㅣ발,시이이발,바보보보새끼";
  for (const texts of [split, letters, long]) expect(missedOf(texts.split(","))).toEqual([]);
});

test("[O-7] parts of two words that only read like a split word do not count", () => {
  expect(
    hitsOf([
      ..."시 발표 들었어요,3시 발표,다시 발견했어요,바보 새끼손가락 다쳤어,등 신경이 아파요,개, 새끼 고양이,역시! 발명가".split(
        ",",
      ),
      ..."とば2か所に行った,ことば2かいめ,そば か うどん,きも。いい,ばっかり,バーカウンター,飲む。ざいりょう".split(
        ",",
      ),
      ..."저도요ㄱㄱ,그래요ㅋㅋ,안녕ㅎㅇ".split(","),
    ]),
  ).toEqual([]);
});

test("[O-7] a word of a script with spaces is found when it is joined, spelled out, split, masked or disguised", () => {
  const joined = "fuckyou,fuck-you,FuckYou!,buyfollowers cheap,buy_followers";
  const spelled =
    "f u c k y o u,b u y f o l l o w e r s,b u y followers,such a s l u r,w h 0 r e,K.Y.S.,k y s now,a.s.s";
  const split = "sl-ur,sl.ut,sl_ut,re.tard,fu ck you,sl ur,slu r you,s*l*u*r";
  const disguised = "f*ck,f**k you,s!ur,$|ur,sIur,s1ut,sh1t,r3t4rd,wh0re,a$$,@ss,5lut,SLU7,t1t";
  const stretched = "sluuur,asssss,aaassss,shiiiiit,fuuuuck";
  for (const texts of [joined, spelled, split, disguised, stretched])
    expect(missedOf(texts.split(","))).toEqual([]);
});

test("[O-7] models, initials, compounds and stretched words that only resemble a listed word do not count", () => {
  expect(
    hitsOf([
      ..."the Galaxy A55 or the A35?|take the A55 to Chester|I got a5 and 7i7|T17 and A5|room 51u7|US$5 a piece|4x4 and 7th".split(
        "|",
      ),
      ..."K Y S Lee|A. S. S. Byatt|J. R. R. Tolkien|a.s.s.e.s.s. spells assess|a s a p please|i c u".split(
        "|",
      ),
      ..."aaaas you wish|so so sooo|the pen is here|who're you|isn't it|that's hit|and/or|he/she|nous|a class act".split(
        "|",
      ),
      ..."**bold** and *slanted* words|5*7*9|a*b*c|hello!so|model S hits|Ta$k".split("|"),
    ]),
  ).toEqual([]);
});

test("[O-7] a word is found in the order in which it is drawn: reversed, or one letter on each line", () => {
  expect(
    missedOf(["you \u202erulS\u202c there", "\u202eruls", "\u202e신병\u202c", "\u202eねた ば 死ね"]),
  ).toEqual([]);
  expect(missedOf(["병\n신", "죽자\n개\n새\n끼\n끝이야", "死\nね", " 미 \n친\n\n놈"])).toEqual([]);
  expect(hitsOf(["ruls", "병이 나은\n신데렐라", "시\n\n발표했어요", "\u202eslur"])).toEqual(["\u202eslur"]);
});

test("[O-7] a mark that stands by itself, or only decorates, hides no word", () => {
  const find = wordFinder(["ばか", "пень", "мои"]);
  for (const text of ["は゛か", "ﾊ゛ｶ", "お前は゛か"]) expect(find(text), text).toBe("ばか");
  for (const text of ["пе\u0301нь", "п\u0336е\u0336н\u0336ь"]) expect(find(text), text).toBe("пень");
  expect(find("мой"), "й is another letter").toBeUndefined();
});

test("[O-7] without words nothing is found", () => {
  expect(wordFinder([])("slur")).toBeUndefined();
  expect(wordFinder([" "])("slur")).toBeUndefined();
});

test("[O-7] a word of any characters is found, beside any others", () => {
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

test("[O-7] a few signs may come between the words of an entry, besides its own", () => {
  const find = wordFinder(["buy now", "semi-nude pics", "c++ sucks", "바보 멍청이", "18-禁 動画", "#tag"]);
  for (const text of ["buy... now", "buy -_-now"]) expect(find(text), text).toBe("buy now");
  for (const text of ["semi-nude pics", "Semi-nude, pics!"]) expect(find(text), text).toBe("semi-nude pics");
  for (const text of ["C++ sucks", "c++, sucks"]) expect(find(text), text).toBe("c++ sucks");
  expect(find("이바보, 멍청이야")).toBe("바보 멍청이");
  expect(find("これは18-禁・動画です")).toBe("18-禁 動画");
  expect(find("see #tag")).toBe("#tag");
  for (const text of ["buy ----- now", "buy one now", "semi nude pics", "c++sucks", "a#tag", "#tags"])
    expect(find(text), text).toBeUndefined();
});

test("[O-7] entries with the same beginning, or that begin with the end of another, are all found", () => {
  const find = wordFinder(["one two three", "two three four", "three five", "가나다라", "나다마"]);
  expect(find("one two three four")).toBe("one two three");
  expect(find("zero two three four")).toBe("two three four");
  expect(find("one two three five")).toBe("one two three");
  expect(find("two three five")).toBe("three five");
  expect(find("가나다마")).toBe("나다마");
  for (const text of ["one two", "two three", "가나다"]) expect(find(text), text).toBeUndefined();
});

/** Counts look-ups in maps: the cost of lists and texts, on any machine. */
function lookUps(run: () => void): number {
  const { get } = Map.prototype;
  let count = 0;
  Map.prototype.get = function (this: Map<unknown, unknown>, key: unknown) {
    count += 1;
    return get.call(this, key) as unknown;
  };
  try {
    run();
  } finally {
    Map.prototype.get = get;
  }
  return count;
}

test("[O-7] the steps for the largest list and the longest text grow only with their length", () => {
  const shapes: [name: string, entry: (index: number) => string, text: string][] = [
    ["many short words", (index) => `${"a ".repeat(125)}${index}`, "a ".repeat(maxTextBytes / 2)],
    ["one letter", (index) => "a".repeat((index % 255) + 1), "a".repeat(maxTextBytes)],
    ["many syllables", (index) => `${"가".repeat(80)}${index}`, "가".repeat(maxTextBytes / 3)],
    ["pieces of syllables", (index) => `가나다${index}`, "가 ".repeat(maxTextBytes / 4)],
    ["many signs", (index) => `${"+ ".repeat(125)}${index}`, "+ ".repeat(maxTextBytes / 2)],
  ];
  for (const [name, entry, text] of shapes) {
    const words = Array.from({ length: maxGuardWords }, (_, index) => entry(index));
    const characters = words.join("").length;
    let find: ReturnType<typeof wordFinder> = () => undefined;
    expect(
      lookUps(() => (find = wordFinder(words))),
      `${name}: the list`,
    ).toBeLessThan(30 * characters);
    expect(
      lookUps(() => void find(`b${text}`)),
      `${name}: the text`,
    ).toBeLessThan(30 * text.length);
  }
});
