import { shownAddress } from "../../components/chat/feed/addresses";
import { isLong, partsOfText } from "../../components/chat/feed/text-parts";
import { expect, test } from "../support/plain-test";

const linksIn = (text: string): string[] =>
  partsOfText(text)
    .filter(({ kind }) => kind === "link")
    .map((part) => part.text);

/** Texts that people write around an address; ¤ stands for the address. */
const around: Record<string, string[]> = {
  "Korean particles and endings": [
    "¤에서 봐요",
    "¤입니다",
    "¤를 보세요",
    "¤(영문)",
    "¤, 또",
    "¤,또",
    "¤요~",
    "¤~",
  ],
  "Japanese particles": ["¤をご覧", "¤です。", "¤で！", "（¤）です", "｟¤｠", "¤ー", "¤ﾃﾞｽ"],
  "Chinese, which has no spaces": ["请看¤谢谢", "见¤。", "《¤》", "¤，还有", "¤的"],
  "other scripts without spaces": ["ดู¤ครับ", "ကြည့်¤ပါ"],
  "stops of all scripts": [
    "¤、",
    "¤。",
    "¤，",
    "¤．",
    "¤！",
    "¤？",
    "¤：",
    "¤；",
    "¤…",
    "¤‥",
    "¤؟",
    "¤।",
    "¤､",
    "¤｡",
  ],
  "brackets of all scripts": [
    "「¤」を",
    "『¤』",
    "【¤】",
    "〈¤〉",
    "《¤》",
    "〔¤〕",
    "［¤］",
    "｛¤｝",
    "(¤)에서",
    "[¤]",
    "{¤}",
  ],
  "brackets of a markdown link": ["[글](¤)입니다", "[¤](¤)"],
  "closing quotes": ["“¤”", "‘¤’", "„¤“", "«¤»", "»¤«", "‹¤›", '"¤"', "'¤'", "'¤'は", "”¤”라고", "〝¤〟"],
  "marks of emphasis": ["**¤**", "**¤**입니다", "*¤*", "~~¤~~", "__¤__", "_¤_", "||¤||"],
  "full-width signs": ["¤〜", "¤～", "¤｜", "¤＝", "¤＋", "＜¤＞", "¤・"],
  "emoji, signs and arrows": ["¤👍", "¤🎉🎉", "¤★", "¤→", "¤①"],
  "dashes of a sentence": ["¤—nice", "¤―"],
  "the next of a list": ["¤,¤", "¤;¤", "¤、¤", "¤에서¤", "¤。¤です"],
  "the end of an English sentence": ["¤.", "¤, and", "¤!", "¤?", "(¤).", "¤:", "¤'", "see ¤...", "¤)."],
  "what cannot be seen": ["\u2068¤\u2069", "¤\u200b", "¤\ufeff다음", "¤\u200e"],
};

const wholes = [
  "https://example.com/guide",
  "https://example.com",
  "http://localhost:3000",
  "https://a.kr/b?c=1#d2",
];

for (const [what, texts] of Object.entries(around)) {
  test(`an address ends before ${what}`, () => {
    for (const text of texts)
      for (const whole of wholes) {
        const written = text.replaceAll("¤", whole);
        expect(linksIn(written), written).toEqual(Array(text.split("¤").length - 1).fill(whole));
        expect(
          partsOfText(written)
            .map((part) => part.text)
            .join(""),
        ).toBe(written.replaceAll("`", ""));
      }
  });
}

/** Letters and signs that belong to the address. */
const kept: Record<string, string[]> = {
  "an apostrophe between letters": ["https://example.com/it's-here", "https://example.com/rock'n'roll?q='a"],
  "brackets that it opens": [
    "https://en.wikipedia.org/wiki/Seoul_(disambiguation)",
    "https://example.com/a[0]",
    "https://example.com/{id}/x",
    "http://[::1]:3000/a",
  ],
  "a path of other letters": [
    "https://ko.wikipedia.org/wiki/대한민국",
    "https://ko.wikipedia.org/wiki/대한민국2024년",
    "https://example.com/첫-글",
    "https://example.com/첫글2편을",
    "https://ja.wikipedia.org/wiki/東京タワー",
    "https://ja.wikipedia.org/wiki/ジョン・レノン",
    "https://ja.wikipedia.org/wiki/Wikipedia:コミュニティ",
    "https://example.com/my-글",
    "https://example.com/search?q=한국2024년&lang=ko#소개",
    "https://fr.wikipedia.org/wiki/Été_à_l'école",
    "https://ru.wikipedia.org/wiki/Сеул_(город)",
    "https://he.wikipedia.org/wiki/צה״ל",
    "https://th.wikipedia.org/wiki/กรุงเทพ",
    "https://ca.wikipedia.org/wiki/Col·legi",
    "https://example.com/👍",
  ],
  "a server of other letters": [
    "https://한국.kr/소개",
    "https://한국2030년.kr",
    "https://www.도메인.한국",
    "https://例え.テスト/ページ",
    "https://пример.рф/путь",
    "https://bücher.example/",
  ],
  "a path in which escapes stand": [
    "https://ko.wikipedia.org/wiki/%EC%84%9C%EC%9A%B8",
    "https://example.com/글%20",
  ],
  "an address inside it": ["https://web.archive.org/web/2020/https://example.com/a"],
  "an underscore at its end": ["https://example.com/name_", "https://my_host.example.com/__init__.py"],
  "an at sign in its path": [
    "https://example.com/@name/post",
    "https://example.com/a?b=c@d",
    "https://example.com?@a",
  ],
};

for (const [what, addresses] of Object.entries(kept)) {
  test(`an address keeps ${what}`, () => {
    for (const whole of addresses) {
      expect(linksIn(whole)).toEqual([whole]);
      expect(linksIn(`「${whole}」、(${whole})! ${whole}`)).toEqual([whole, whole, whole]);
    }
  });
}

test("after escapes or an ASCII name, letters without a space begin a sentence again", () => {
  expect(
    linksIn("https://example.com/%EA%B8%80에서 https://한국.com입니다 https://example.com:8080에서"),
  ).toEqual(["https://example.com/%EA%B8%80", "https://한국.com", "https://example.com:8080"]);
  expect(linksIn("https://example.com/guide.그리고 https://en.wikipedia.org/wiki/A_(b)입니다")).toEqual([
    "https://example.com/guide",
    "https://en.wikipedia.org/wiki/A_(b)",
  ]);
});

const misleading = [
  "https://:www.trusted.example@example.com/login",
  "https://www.trusted.example:443@example.com/",
  "https://www.trusted.example@example.com",
  "https://@example.com",
  "https://:@example.com/",
  "https://www.trusted.example%2Flogin@example.com/",
  "https://www.trusted.example&x=y@example.com",
  "https://trusted.example입니다@example.com/",
  "https://[::1]@example.com/",
  "https://www.trusted.example＠example.com/",
  "https://www.trusted.example﹫example.com/",
  'https://www.trusted.example"@example.com/',
  "https://www.trusted.example、@example.com/",
  "https://www.trusted.example\u202e@example.com/",
  "https://www.trusted.example\u2066moc.elpmaxe",
  "https://example.com\\@www.trusted.example/",
  "https://example.com\\.www.trusted.example/",
  "https:///example.com",
  "https://\\example.com",
  "https:\\\\example.com",
  "https://exa%6Dple.com/",
  "https://example.com:80.trusted.example/",
  "https://trusted.example:@example.com",
];

test("an address that looks like another site, or hides a name and a password, does not become a link", () => {
  for (const text of misleading)
    for (const around of [text, `(${text})`, `여기: ${text}에서`, `**${text}**`])
      expect(linksIn(around), JSON.stringify(around)).toEqual([]);
});

test('the word "http" alone is not an address', () => {
  expect(linksIn("https://로 시작하는 주소, https://から始まる, https://… and http://")).toEqual([]);
});

test("a character that cannot be seen ends an address", () => {
  for (const sign of ["\u00ad", "\u200b", "\u202e", "\u2066", "\u{e0061}", "\u0007", "\\"])
    expect(linksIn(`https://example.com/a${sign}gnp.exe`), JSON.stringify(sign)).toEqual([
      "https://example.com/a",
    ]);
});

test("a text made only of addresses is cut into a bounded number of parts", () => {
  const text = "https://x가".repeat(1_600);
  const parts = partsOfText(text);
  expect(parts.length).toBeLessThan(500);
  expect(parts.map((part) => part.text).join("")).toBe(text);
});

test("an address is shown as it was written while its host's letters are of one kind", () => {
  for (const address of [
    "https://blog.example/길?q=글",
    "HTTPS://Blog.Example:8443",
    "https://한국.kr/소개",
    "https://마당2.example",
    "https://日本語.jp",
    "https://サーバー.example",
    "https://café.example",
    "https://пример.рф/путь",
    "https://a_b-c.example",
    "https://192.0.2.1:3000/",
    "https://[2001:db8::1]/",
    "https://blog.example/аррӏе",
  ])
    expect(shownAddress(address), address).toBe(address);
});

test("an address whose host mixes look-alike letters is shown in its ASCII form", () => {
  for (const [address, shown] of [
    ["https://аррӏе.com/login?a=б", "https://xn--80ak6aa92e.com/login?a=б"],
    ["https://p\u0430ypal.com", "https://xn--pypal-4ve.com"],
    ["https://gοοgle.example:8443/x", "https://xn--ggle-0nda.example:8443/x"],
    [
      "https://blog.exampleノpath.evil.example",
      `https://${new URL("https://blog.exampleノpath.evil.example").host}`,
    ],
    ["https://madang마당.example", "https://xn--madang-8c5xn21b.example"],
  ] as const)
    expect(shownAddress(address), address).toBe(shown);
});

test("a text that takes more than forty lines on a narrow screen is folded, in any script", () => {
  expect(isLong("가".repeat(640))).toBe(false);
  expect(isLong("가".repeat(641))).toBe(true);
  expect(isLong("x".repeat(900))).toBe(false);
  expect(isLong("x".repeat(901))).toBe(true);
  expect(isLong(`${"가".repeat(48)}\n`.repeat(13))).toBe(false);
  expect(isLong(`${"가".repeat(48)}\n`.repeat(14))).toBe(true);
  expect(isLong("a\n".repeat(18))).toBe(true);
  expect(isLong(`z${"\u0301".repeat(1_500)}`), "one character with many marks").toBe(false);
});
