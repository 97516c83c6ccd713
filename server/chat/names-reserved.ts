import { skeleton } from "./skeleton";

/** Who would be believed for the name alone: those who run the site, and the site itself. */
const offices = `
admin admins administrator owner moderator moderators mod mods operator sysop staff webmaster system server madang
관리자 관리인 운영자 운영진 어드민 모더레이터 소유자 방장 스태프 시스템 서버 마당
管理者 管理人 管理員 かんりしゃ かんりにん 運営 運営者 うんえい アドミン モデレーター モデレータ オーナー スタッフ
システム サーバー サーバ マダン`;

/** What may stand beside an office and leaves it one: "Official Admin", "운영자님". */
const dressings = `
the official real team chat
공식 팀 채팅 님
公式 チーム チャット さん 様`;

/** How letters are commonly replaced, beside what the skeleton reads as one anyway (1 and l, 0 and o). */
const replacements: Readonly<Record<string, string>> = {
  "4": "a",
  "@": "a",
  "3": "e",
  "!": "i",
  "5": "s",
  $: "s",
  "7": "t",
};

/** The letters a text is read as; marks, spaces, punctuation and what else stands between them left out. */
function lettersOf(text: string): string {
  const respelt = text.replace(/[4@3!5$7]/g, (sign) => replacements[sign] ?? sign);
  return skeleton(respelt)
    .normalize("NFD")
    .replace(/\P{L}+/gu, "");
}

const anyOf = (words: string): string => words.trim().split(/\s+/).map(lettersOf).join("|");

const office = new RegExp(
  `^(?:${anyOf(dressings)})*(?:${anyOf(offices)})(?:${anyOf(`${offices} ${dressings}`)})*$`,
  "u",
);

/** A name's middle, from its first letter to its last, and the signs before and after it. */
const middle = /^([^\p{L}\u{1F130}-\u{1F189}]*)(.*?)([^\p{L}\u{1F130}-\u{1F189}]*)$/su;

/** More signs than the longest office has letters cannot be a part of it. */
const maxEdge = 16;

/**
 * True for a name that reads, as a whole, as an office ("A d m i n", "@dm1n", "Аdmin 7", "Server Admin", "운영자님"), and
 * for none that merely has one in it ("Padmini", "Modi", "Mod Squad").
 */
export function isReserved(name: string): boolean {
  const [, before = "", between = "", after = ""] = middle.exec(name.normalize("NFKC")) ?? [];
  const [head, body, tail] = [
    lettersOf(before).slice(-maxEdge),
    lettersOf(between),
    lettersOf(after).slice(0, maxEdge),
  ];
  // A sign at an end is a letter of the word or stands beside it: 0wner, 1owner. Both are tried.
  for (let start = 0; start <= head.length; start += 1)
    for (let end = 0; end <= tail.length; end += 1)
      if (office.test(head.slice(start) + body + tail.slice(0, end))) return true;
  return false;
}
