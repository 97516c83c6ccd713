/** Texts of abusers, and ways of sending them, for the guard's tests. */

/** The owner's list of words in these tests. */
export const listed = ["slur", "buy followers", "바보새끼", "등신", "死ね", "きもい", "くたばれ"];

/**
 * `by`: one newcomer, one settled visitor, or as many newcomers of one network as there are texts. `times`: how often all
 * texts are sent.
 */
export type Abuse = { by: "newcomer" | "settled" | "crowd"; texts: string[]; times?: number };

const zalgo = (text: string): string =>
  [...text].map((letter) => `${letter}\u0336\u0315\u035c\u0321\u0489\u0360`).join("");
const same = (text: string, count: number): string[] => Array.from({ length: count }, () => text);

/** Words of the list, hidden in the ways that people hide them. */
const words: Abuse[] = [
  "you slur",
  "SLUR!!!",
  "what a ｓｌｕｒ",
  "ѕlur",
  "s\u200blu\u00adr",
  "𝐬𝐥𝐮𝐫",
  "slùr, all of you",
  "5lur",
  "$1ur",
  "s.l.u.r",
  "such a s l u r",
  "S - L - U - R",
  "sluuuuur",
  "want to buy followers?",
  "buy---followers",
  "바보새끼야",
  "바 보 새 끼",
  "바1보2새3끼",
  "ㅂㅏㅂㅗㅅㅐㄲㅣ",
  "이 등.신 같은",
  "死ね死ね死ね",
  "死 ね",
  "キモい",
  "き・も・い",
  "くたばれよ",
].map((text) => ({ by: "settled", texts: [text] }));

const adverts: Abuse[] = [
  { by: "newcomer", texts: ["cheap: https://a.example https://b.example https://c.example"] },
  { by: "newcomer", texts: ["www.pills.example www.watches.example www.casino.example"] },
  { by: "newcomer", texts: ["pills.example/a watches.example/b casino.example/c"] },
  { by: "newcomer", texts: ["ht\u200btps://a.example w\u00adww.b.example ca\u200bsino.example/c"] },
  { by: "newcomer", texts: ["https：／／ａ．example https：／／ｂ．example https：／／ｃ．example"] },
  { by: "newcomer", texts: ["지금 가입하면 보너스 https://casino.example/ko"], times: 3 },
  { by: "newcomer", texts: ["今すぐ登録 https://casino.example/ja"], times: 3 },
  { by: "crowd", texts: same("earn money at home https://work.example today", 4) },
  { by: "crowd", texts: same("돈 버는 방법 www.work.example", 4) },
  { by: "settled", texts: ["my shop: www.shop.example/a www.shop.example/b www.shop.example/c"], times: 3 },
  { by: "newcomer", texts: [`${zalgo("free money")} https://casino.example`] },
  { by: "newcomer", texts: [`https://casino.example ${"\u2063".repeat(60)}`] },
  { by: "newcomer", texts: ["look at this https://casino.example"] },
  { by: "newcomer", texts: ["여기 좋아요 www.casino.example"] },
  { by: "newcomer", texts: ["ここ最高 casino.example/start"] },
];

const floods: Abuse[] = [
  { by: "newcomer", texts: ["this room is dead, come to mine instead"], times: 4 },
  { by: "settled", texts: ["구독과 좋아요 부탁드립니다 여러분"], times: 4 },
  { by: "crowd", texts: same("nobody wants you here, go away", 5) },
  { by: "crowd", texts: same("nobody wants you here, go away", 5), times: 3 },
  {
    by: "crowd",
    texts: ["Nobody wants YOU here", "nobody  wants you here", "NOBODY WANTS YOU HERE"],
    times: 3,
  },
  { by: "crowd", texts: same("여기 있는 사람들 전부 나가세요", 4), times: 3 },
  { by: "crowd", texts: same("ここにいる人は全員出ていけ", 4), times: 3 },
  { by: "crowd", texts: same("a".repeat(3_000), 4), times: 3 },
  { by: "crowd", texts: same("🤡".repeat(120), 4), times: 3 },
  { by: "crowd", texts: same("█▓▒░".repeat(200), 4), times: 3 },
];

const unreadable: Abuse[] = [
  { by: "settled", texts: [zalgo("he comes")] },
  { by: "settled", texts: [zalgo("그가 온다")] },
  { by: "settled", texts: [`ok${"\u200b\u200c\u200d\u2060".repeat(12)}`] },
  {
    by: "settled",
    texts: [
      `hi${[..."hidden words"].map((letter) => String.fromCodePoint(0xe0000 + (letter.codePointAt(0) ?? 0))).join("")}`,
    ],
  },
  { by: "settled", texts: [`look ${"\u202e\u202d".repeat(9)}`] },
  { by: "settled", texts: [`a${"\ufe01".repeat(30)}`] },
  { by: "settled", texts: [`x${"\u3164".repeat(40)}`] },
  { by: "crowd", texts: same(zalgo("he comes"), 4) },
  { by: "newcomer", texts: [zalgo("he comes")], times: 3 },
  { by: "crowd", texts: same(`.${"\u2800".repeat(50)}.`, 4) },
];

export const abuses: Abuse[] = [...words, ...adverts, ...floods, ...unreadable];
