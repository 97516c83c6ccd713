import { skeleton } from "./skeleton";

/** Words for the site and those who run it: no account has ever had such a handle. */
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

/**
 * What the page itself writes beside a name or in its place: for the reader, for joins and leaves, for removed
 * messages.
 */
const pageWords = `
you yourself me myself joined left removed deleted withdrawn messageremoved messagedeleted
나 나자신 본인 입장 퇴장 삭제 삭제됨 삭제된메시지 삭제된메시지입니다
あなた 自分 自分自身 入室 退室 削除 削除済み 削除されたメッセージ 削除されたメッセージです`;

/** Words that may come before a speaker without changing the meaning: "The Admin", "この記事の著者". */
const before = `
the real team chat of this blog site website page post account
팀 채팅 이 글 블로그 사이트 페이지 계정
チーム チャット この の 記事 ブログ サイト アカウント`;

/** Words that may come after a speaker in the same way: "운영자님", "Author of this blog", "Owner's". */
const behind = `
the team chat of this blog site website page post account s
팀 채팅 님 계정
チーム チャット さん 様 アカウント`;

/** The same beside a name, but not beside a title: "Tech support" may be what a room is about. */
const besideNames = `room forum customer tech live agent bot desk 방 입니다 이에요 예요 です より`;

/** Words of Latin letters that speak for the site wherever they stand as a word of their own. */
const strictWords = `
admin administrator moderator webmaster sysadmin sysop`;

/** The same, but where somebody says that this is what one is not, or of what else: "No Author", "Owner of cats". */
const softWords = `owner staff official author host`;

/** In Korean with what may be tied to a word: 방장, 방장님, 방장입니다; not 공지은, a given name. */
const koreanWords = `방장 공지 주인장 스태프 스탭 매니저 어드민`;
const koreanEndings = `님 입니다 이에요 예요 팀 봇`;

/** Words of East Asia that are part of nothing else, and speak for the site in any place of a name: 운영자입니다, 管理者より. */
const eastAsianWords = `
관리자 운영자 운영진 운영팀 운영측 관리팀 관리인 어드민 모더레이터 글쓴이 글쓴사람 작성자 소유자 편집부 편집팀
공지사항 고객센터 고객지원 지원팀 블로그주인 블로그지기 사이트주인 공식계정 시스템관리 서버관리
삭제된메시지 입장했습니다 퇴장했습니다 나갔습니다 들어왔습니다
管理者 管理人 管理員 管理员 管理局 運営 运营 編集部 編集長 事務局 お知らせ おしらせ かんりしゃ かんりにん
スタッフ アドミン モデレーター モデレータ オーナー ブログ主 ヘルプデスク サポートセンター オフィシャル
削除されたメッセージ さんが入室 さんが退室 さんが参加
官方 客服 博主 站长 版主`;

/** 公式 in any place, but not 非公式, "unofficial", nor 公式戦, "league match". */
const officialInJapanese = "(?<!非)公式(?!戦)";

/** As a notice ends: "Alice joined". */
const noticeEnds = `joined left removed deleted banned`;
/** What else a notice has in it: "Bob is now Alice". */
const noticeParts = ["is now", "closed the room", "took another name", "was removed", "was banned"];

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

/** A letter on a flag: two of them are a country, five spell a word. */
const flagLetters = /[\u{1F1E6}-\u{1F1FF}]/gu;
const flagLetter = (flag: string): string =>
  String.fromCodePoint((flag.codePointAt(0) ?? 0) - 0x1f1e6 + "a".charCodeAt(0));

const readLetters = (text: string): string =>
  skeleton(text)
    .normalize("NFD")
    .replace(/\P{L}+/gu, "");

/** What each plain character reads as: most names have no other, and need no more. */
const plainLetters = Array.from({ length: 0x80 }, (_, code) =>
  readLetters(`x${String.fromCharCode(code)}x`).slice(1, -1),
);

/** The letters a text is read as; marks, spaces, punctuation and what else stands between them left out. */
function lettersOf(text: string): string {
  const respelt = text
    .replace(/[4@3!5$7]/g, (sign) => replacements[sign] ?? sign)
    .replace(flagLetters, flagLetter);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: every character of ASCII is meant
  if (!/^[\x00-\x7f]*$/.test(respelt)) return readLetters(respelt);
  return Array.from(respelt, (character) => plainLetters[character.charCodeAt(0)]).join("");
}

const wordsOf = (list: string): string[] => list.trim().split(/\s+/);

/** Each once: two ways to read the same letters would double with each word. */
const anyOf = (words: string): string => [...new Set(wordsOf(words).map(lettersOf))].join("|");

/** Matches letters that read as one or more of the words, with nothing but dressings beside them. */
const whole = (words: string, more = ""): RegExp => {
  const [first, last] = [anyOf(`${before} ${more}`), anyOf(`${words} ${behind} ${more}`)];
  return new RegExp(`^(?:${first})*(?:${anyOf(words)})(?:${last})*$`, "u");
};

const only = (words: string): RegExp => new RegExp(`^(?:${anyOf(words)})$`, "u");

const office = only(offices);
const speaker = whole(speakers);
const speakerByName = whole(speakers, besideNames);
const page = only(pageWords);
const lobby = whole("lobby 로비 ロビー");
const strictWord = new RegExp(`^(?:${anyOf(strictWords)})s?$`, "u");
const softWord = new RegExp(`^(?:${anyOf(softWords)})s?$`, "u");
const koreanWord = new RegExp(`^(?:${anyOf(koreanWords)})(?:${anyOf(koreanEndings)})*$`, "u");
const inEastAsian = new RegExp(`${anyOf(eastAsianWords)}|${officialInJapanese}`, "u");
const noticeEnd = only(noticeEnds);
const siteWord = only("the this blog site website page post room chat madang");
const denial = only("no not non never ex former anti");
const of = only("of");
const article = only("a an the");

/**
 * Han letters that are taken for another in a word of office alone. 菅 is a family name and 理人 a given one, so that 菅理人
 * is not among the words that are looked for in this way.
 */
const hanLookAlikes: Readonly<Record<string, string>> = Object.fromEntries(
  ["管菅官", "理埋哩", "運連", "営營营", "者煮", "式弍弐", "編偏遍徧", "部陪"].flatMap(
    ([reads = "", ...others]) => others.map((other) => [other, reads]),
  ),
);
const inLookAlikeHan = new RegExp(`${anyOf("管理者 管理員 運営 編集部")}|${officialInJapanese}`, "u");

/** A name's middle, from its first letter to its last, and the signs before and after it. */
const middle =
  /^([^\p{L}\u{1F130}-\u{1F189}\u{1F1E6}-\u{1F1FF}]*)(.*?)([^\p{L}\u{1F130}-\u{1F189}\u{1F1E6}-\u{1F1FF}]*)$/su;

/** More signs than the longest word has letters cannot be a part of it. */
const maxEdge = 16;

/** Whether a text reads, as a whole, as one of these does. A sign at an end is a letter of the word or stands beside it. */
function reads(text: string, ...patterns: RegExp[]): boolean {
  const [, first = "", between = "", last = ""] = middle.exec(text.normalize("NFKC")) ?? [];
  const [head, body, tail] = [
    lettersOf(first).slice(-maxEdge),
    lettersOf(between),
    lettersOf(last).slice(0, maxEdge),
  ];
  for (let start = 0; start <= head.length; start += 1)
    for (let end = 0; end <= tail.length; end += 1) {
      const letters = head.slice(start) + body + tail.slice(0, end);
      if (patterns.some((pattern) => pattern.test(letters))) return true;
    }
  return false;
}

/** A part in brackets. */
const bracketed = /[\p{Ps}\p{Pi}]([^\p{Ps}\p{Pe}\p{Pi}\p{Pf}]+)[\p{Pe}\p{Pf}]/gu;
/** What separates a part of a name from the rest. */
const separators = /[\p{Ps}\p{Pe}\p{Pi}\p{Pf}\p{So}|/\\:;,•·~=<>"]+|\s[-–—]+\s/u;

const inBrackets = (text: string): string[] =>
  Array.from(text.matchAll(bracketed), ([, inside = ""]) => inside);

const eastAsianRun = /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}ー]+/gu;

/** Letters that are spelt out count as one word: "A d m i n Kim", "관 리 자 철수". */
const spelt = /(?<=^|\s)\S(?:\s\S)+(?=\s|$)/gu;

/** Words by white space, and by punctuation, capitals inside ("KimAdmin") and a change to or from East Asian letters. */
function tokensOf(text: string): string[] {
  const joined = text.replace(spelt, (letters) => letters.replace(/\s/gu, ""));
  const apart = joined
    .replace(/(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/gu, " ")
    .replace(eastAsianRun, (run) => ` ${run} `)
    .replace(/[^\p{L}\p{M}\p{N}\s@$!\u{1F130}-\u{1F189}\u{1F1E6}-\u{1F1FF}]+/gu, " ");
  return [...new Set([...joined.split(/\s+/u), ...apart.split(/\s+/u)])].filter((token) => token !== "");
}

function hasOfficeWord(text: string): boolean {
  const tokens = tokensOf(text);
  if (tokens.some((token) => reads(token, strictWord, koreanWord))) return true;
  return tokens.some((token, index) => {
    if (!reads(token, softWord)) return false;
    const before = tokens.slice(0, index).filter((word) => !reads(word, article));
    const [previous = "", next = "", last = ""] = [before.at(-1), tokens[index + 1], tokens.at(-1)];
    return !reads(previous, denial) && (!reads(next, of) || reads(last, siteWord));
  });
}

function hasEastAsianWord(text: string): boolean {
  const joined = text.replace(spelt, (letters) => letters.replace(/\s/gu, ""));
  return joined.split(/\s+/u).some((word) => {
    const letters = lettersOf(word);
    return (
      inEastAsian.test(letters) ||
      inLookAlikeHan.test(letters.replace(/./gu, (han) => hanLookAlikes[han] ?? han))
    );
  });
}

function readsAsNotice(text: string): boolean {
  const words = text.split(/\s+/u).map(lettersOf);
  const sentence = ` ${words.join(" ")} `;
  return (
    noticeEnd.test(words.at(-1) ?? "") ||
    noticeParts.some((part) => sentence.includes(` ${part.split(" ").map(lettersOf).join(" ")} `))
  );
}

/**
 * True for a name that reads, as a whole, in a part set apart or in a word of it, as somebody who speaks for the site or its
 * author ("A d m i n", "@dm1n", "Аdmin 7", "Blog Owner", "Bob (author)", "운영자입니다"), or as what the page writes itself
 * ("You", "Alice joined", "[removed]"); and for none in which such a word is part of another ("Padmini", "Hostetler",
 * "공지영"), or has another meaning beside others ("Mod Squad", "Penny Writer").
 */
export function isReserved(name: string): boolean {
  const text = name.normalize("NFKC").trim();
  return (
    [text, ...text.split(separators)].some((part) => reads(part, speakerByName, page)) ||
    hasOfficeWord(text) ||
    hasEastAsianWord(text) ||
    readsAsNotice(text)
  );
}

/** The same for a title, which may speak of authors and servers ("Ask a moderator"): as a whole, or in brackets. */
export const isReservedTitle = (title: string): boolean =>
  [title, ...inBrackets(title.normalize("NFKC"))].some((part) => reads(part, speaker));

/** Whether a text reads as one of the words that were reserved from the first day on. */
export const isOffice = (text: string): boolean => reads(text, office);

/** Whether a title reads as the lobby's, in any of our languages. */
export const isLobbyTitle = (title: string): boolean => reads(title, lobby);
