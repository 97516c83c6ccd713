import { skeleton } from "./skeleton";

/** Who runs the site, and the site itself: no account has ever had such a handle. */
const offices = `
admin administrator owner moderator mod operator sysop staff webmaster system server madang
관리자 관리인 운영자 운영진 어드민 모더레이터 소유자 방장 스태프 시스템 서버 마당
管理者 管理人 管理員 かんりしゃ かんりにん 運営 運営者 うんえい アドミン モデレーター モデレータ オーナー スタッフ
システム サーバー サーバ マダン`;

/**
 * Who else would be believed for the name alone: who wrote what stands on the site, and who speaks for it. No given name is
 * among them (지은이, "the author", is a common one), and no word is another with an "s" behind it.
 */
const speakers = `${offices}
author writer blogger editor founder creator host manager sysadmin
official support helpdesk help security notice announcement
글쓴이 글쓴사람 작성자 저자 필자 작가 블로거 주인 주인장 블로그지기 편집자 편집장 매니저 관리팀 운영팀
공식 공지 공지사항 알림 안내 고객센터 고객지원 지원팀 서포트 상담원
作者 著者 筆者 書き手 投稿者 執筆者 作家 ブロガー ブログ主 編集者 編集長 中の人 マネージャー
公式 オフィシャル 告知 公告 通知 お知らせ おしらせ 案内 サポート サポートセンター ヘルプ ヘルプデスク
管理员 官方 客服 博主 站长 版主`;

/** What may stand before a speaker and leaves it one: "The Admin", "この記事の著者". */
const before = `
the real team chat of this blog site website page post account
팀 채팅 이 글 블로그 사이트 페이지 계정
チーム チャット この の 記事 ブログ サイト アカウント`;

/** The same behind it: "운영자님", "Author of this blog", "Owner's". */
const behind = `
the team chat of this blog site website page post account s
팀 채팅 님 계정
チーム チャット さん 様 アカウント`;

/** Words that are nothing else in their language: they speak for the site wherever they stand as a word of their own. */
const plainSpeakers = `
admin administrator moderator webmaster sysadmin 관리자 운영자 운영진 글쓴이 작성자 管理者 管理人 運営者`;

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

/** Each once: two ways to read the same letters would double with each word. */
const anyOf = (words: string): string => [...new Set(words.trim().split(/\s+/).map(lettersOf))].join("|");

/** Matches letters that read as one or more of the words, with nothing but dressings beside them. */
const whole = (words: string): RegExp =>
  new RegExp(`^(?:${anyOf(before)})*(?:${anyOf(words)})(?:${anyOf(`${words} ${behind}`)})*$`, "u");

const office = new RegExp(`^(?:${anyOf(offices)})$`, "u");

const speaker = whole(speakers);
const plainSpeaker = whole(plainSpeakers);
const lobby = whole("lobby 로비 ロビー");

/** A name's middle, from its first letter to its last, and the signs before and after it. */
const middle = /^([^\p{L}\u{1F130}-\u{1F189}]*)(.*?)([^\p{L}\u{1F130}-\u{1F189}]*)$/su;

/** More signs than the longest word has letters cannot be a part of it. */
const maxEdge = 16;

/** Whether a text reads, as a whole, as the words do. A sign at an end is a letter of the word or stands beside it. */
function reads(text: string, as: RegExp): boolean {
  const [, first = "", between = "", last = ""] = middle.exec(text.normalize("NFKC")) ?? [];
  const [head, body, tail] = [
    lettersOf(first).slice(-maxEdge),
    lettersOf(between),
    lettersOf(last).slice(0, maxEdge),
  ];
  for (let start = 0; start <= head.length; start += 1)
    for (let end = 0; end <= tail.length; end += 1)
      if (as.test(head.slice(start) + body + tail.slice(0, end))) return true;
  return false;
}

/** What stands in brackets. */
const bracketed = /[\p{Ps}\p{Pi}]([^\p{Ps}\p{Pe}\p{Pi}\p{Pf}]+)[\p{Pe}\p{Pf}]/gu;
/** What sets a word of a name apart from the others. */
const separators = /[\p{Ps}\p{Pe}\p{Pi}\p{Pf}\p{So}|/\\:;,•·~=<>"]+|\s[-–—]+\s/u;

const inBrackets = (text: string): string[] =>
  Array.from(text.matchAll(bracketed), ([, inside = ""]) => inside);

/**
 * True for a name that reads, as a whole or in a part set apart, as somebody who speaks for the site or the author ("A d m
 * i n", "@dm1n", "Аdmin 7", "블로그 주인", "Bob (author)", "Bob | Support"), and for none that merely has such a word in it
 * ("Padmini", "Modi", "Mod Squad"), but for a few words that nobody is called ("Admin Kim").
 */
export function isReserved(name: string): boolean {
  const text = name.normalize("NFKC");
  return (
    [text, ...text.split(separators)].some((part) => reads(part, speaker)) ||
    text.split(/\s+/u).some((word) => reads(word, plainSpeaker))
  );
}

/** The same for a title, which may speak of authors and servers ("Ask a moderator"): as a whole, or in brackets. */
export const isReservedTitle = (title: string): boolean =>
  [title, ...inBrackets(title.normalize("NFKC"))].some((part) => reads(part, speaker));

/** Whether a text reads as one of the words that were reserved from the first day on. */
export const isOffice = (text: string): boolean => reads(text, office);

/** Whether a title reads as the lobby's, in any of our languages. */
export const isLobbyTitle = (title: string): boolean => reads(title, lobby);
