import { drawsBadge } from "./badges";
import { readHan, readHangul } from "./office-look-alikes";
import { officesElsewhere } from "./offices-elsewhere";
import { skeleton } from "./skeleton";
import { type Vocabulary, vocabularies } from "./vocabulary";

/** The words of a section, in every language. */
const wordsIn = (section: keyof Vocabulary): string =>
  Object.values(vocabularies)
    .flatMap((vocabulary) => vocabulary[section])
    .join(" ");

/**
 * Words for the site and those who run it. No account has ever had such a handle, and log-in relies on that: this list
 * never grows. A new language's words go into its file in server/names.
 */
const offices = `
admin administrator owner moderator mod operator sysop staff webmaster system server madang
관리자 관리인 운영자 운영진 어드민 모더레이터 소유자 방장 스태프 시스템 서버 마당
管理者 管理人 管理員 かんりしゃ かんりにん 運営 運営者 うんえい アドミン モデレーター モデレータ オーナー スタッフ
システム サーバー サーバ マダン`;

/** Chinese roles: the site has no Chinese pages, but its Japanese readers can read these. */
const chineseSpeakers = `管理员 官方 客服 博主 站长 版主`;

const speakers = `${offices} ${chineseSpeakers} ${wordsIn("speakers")}`;

/** Words of spaced scripts that are reserved wherever a name has them as a separate word: "Bob the Admin". */
const strictWords = `
admin administrator moderator webmaster sysadmin sysop ${officesElsewhere}`;

/** The same, except after a denial ("No Author") and before another subject ("Owner of cats"). */
const softWords = `owner staff official author host verified`;

/** Korean words that are reserved alone or with one of these endings: 방장, 방장님, 방장입니다; not 공지은, a given name. */
const koreanWords = `방장 공지 주인장 스태프 스탭 매니저 어드민 오너 모더`;
const koreanEndings = `님 입니다 이에요 예요 팀 봇`;

/** Words that are part of no other word: a name with one in any place is reserved (운영자입니다, 管理者より). */
const anywhere = `${wordsIn("anywhere")} ${chineseSpeakers} 运营`;

/** "Official" before a name or behind a foreign one; not "수학 공식", a formula. */
const officialInKorean = /^공식\s|[^\p{Script=Hangul}\s]\s*공식$/u;

/** 公式, "official", in any place, except in 非公式, "unofficial", and 公式戦, "league match". */
const officialInJapanese = "(?<!非)公式(?!戦)";

/** The last word of a notice: "Alice joined". */
const noticeEnds = `joined left removed deleted banned`;
/** Phrases inside a notice: "Bob is now Alice". */
const noticeParts = ["is now", "closed the room", "took another name", "was removed", "was banned"];

/** Signs that commonly replace letters. The skeleton already reads 1 as l and 0 as o. */
const replacements: Readonly<Record<string, string>> = {
  "4": "a",
  "@": "a",
  "3": "e",
  "!": "i",
  "5": "s",
  $: "s",
  "7": "t",
};

/** A regional indicator: two of them draw a country's flag, more of them can spell a word. */
const flagLetters = /[\u{1F1E6}-\u{1F1FF}]/gu;
const flagLetter = (flag: string): string =>
  String.fromCodePoint((flag.codePointAt(0) ?? 0) - 0x1f1e6 + "a".charCodeAt(0));

const readLetters = (text: string): string =>
  skeleton(text)
    .normalize("NFD")
    .replace(/\P{L}+/gu, "");

/** The letter that each ASCII character reads as. Most names are ASCII, and this table is all they need. */
const plainLetters = Array.from({ length: 0x80 }, (_, code) =>
  readLetters(`x${String.fromCharCode(code)}x`).slice(1, -1),
);

/** The letters of a text as a reader sees them, without marks, spaces, punctuation and other signs. */
function lettersOf(text: string): string {
  const respelt = text
    .replace(/[4@3!5$7]/g, (sign) => replacements[sign] ?? sign)
    .replace(flagLetters, flagLetter);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: every character of ASCII is meant
  if (!/^[\x00-\x7f]*$/.test(respelt)) return readLetters(respelt);
  return Array.from(respelt, (character) => plainLetters[character.charCodeAt(0)]).join("");
}

const wordsOf = (list: string): string[] => list.trim().split(/\s+/);

/** Each word once: the same letters twice in an alternation would double the matcher's work with each word. */
const anyOf = (words: string): string => [...new Set(wordsOf(words).map(lettersOf))].join("|");

/** Matches letters that consist of one or more of the words, and of words that may stand before and after them. */
const whole = (words: string, more = ""): RegExp => {
  const first = anyOf(`${wordsIn("before")} ${more}`);
  const last = anyOf(`${words} ${wordsIn("after")} ${more}`);
  return new RegExp(`^(?:${first})*(?:${anyOf(words)})(?:${last})*$`, "u");
};

const only = (words: string): RegExp => new RegExp(`^(?:${anyOf(words)})$`, "u");

const office = only(offices);
const speaker = whole(speakers);
const speakerByName = whole(speakers, wordsIn("beside names"));
const page = only(wordsIn("page words"));
const lobby = whole(wordsIn("lobby"));
const strictWord = new RegExp(`^(?:${anyOf(strictWords)})s?$`, "u");
const softWord = new RegExp(`^(?:${anyOf(softWords)})s?$`, "u");
const koreanWord = new RegExp(`^(?:${anyOf(koreanWords)})(?:${anyOf(koreanEndings)})*$`, "u");
const inEastAsian = new RegExp(`${anyOf(anywhere)}|${officialInJapanese}`, "u");
const noticeEnd = only(noticeEnds);
const siteWord = only("the this blog site website page post room chat madang");
const denial = only("no not non never ex former anti");
const of = only("of");
const article = only("a an the");

/** 管理人 is not among them, since 菅理人 is a person's name: 菅 is a family name and 理人 a given one. */
const inLookAlikeHan = new RegExp(`${anyOf("管理者 管理員 運営 編集部")}|${officialInJapanese}`, "u");

/** A name's middle, from its first letter to its last, and the signs before and after it. */
const middle =
  /^([^\p{L}\u{1F130}-\u{1F189}\u{1F1E6}-\u{1F1FF}]*)(.*?)([^\p{L}\u{1F130}-\u{1F189}\u{1F1E6}-\u{1F1FF}]*)$/su;

/** No word has more letters than this, so only that many signs at an end can belong to one. */
const maxEdge = 16;

/** Whether the whole text reads as one of the patterns. Each sign at an end is tried as a letter of the word and as decoration. */
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

/** Text in brackets or quotation marks. */
const bracketed = /[\p{Ps}\p{Pi}]([^\p{Ps}\p{Pe}\p{Pi}\p{Pf}]+)[\p{Pe}\p{Pf}]/gu;
/** Signs that separate one part of a name from another. */
const separators = /[\p{Ps}\p{Pe}\p{Pi}\p{Pf}\p{So}|/\\:;,•·~=<>"]+|\s[-–—]+\s/u;

const inBrackets = (text: string): string[] =>
  Array.from(text.matchAll(bracketed), ([, inside = ""]) => inside);

const eastAsianRun = /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}ー]+/gu;

/** Letters with a space between each count as one word: "A d m i n Kim", "관 리 자 철수". */
const spelt = /(?<=^|\s)\S(?:\s\S)+(?=\s|$)/gu;

/** The words of a text, split at white space, punctuation, inner capitals ("KimAdmin") and the edges of East Asian letters. */
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
      inEastAsian.test(lettersOf(readHangul(word))) ||
      inLookAlikeHan.test(readHan(letters))
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
 * Whether a name claims to speak for the site or its author ("A d m i n", "@dm1n", "Аdmin 7", "Blog Owner", "Bob (author)",
 * "운영자입니다"), draws its badge ("Bob ✓"), or imitates a text of the page ("You", "Alice joined", "[removed]"). The whole name may read so, a separate
 * part of it, or one word. A name is free when the word is part of another word ("Padmini", "Hostetler", "공지영"), or has
 * another meaning beside its neighbours ("Mod Squad", "Penny Writer").
 */
export function isReserved(name: string): boolean {
  const text = name.normalize("NFKC").trim();
  return (
    drawsBadge(text) ||
    [text, ...text.split(separators)].some((part) => reads(part, speakerByName, page)) ||
    hasOfficeWord(text) ||
    officialInKorean.test(text) ||
    hasEastAsianWord(text) ||
    readsAsNotice(text)
  );
}

/** The same for a title, but only as a whole or in brackets: a title may be about authors and servers ("Ask a moderator"). */
export const isReservedTitle = (title: string): boolean =>
  [title, ...inBrackets(title.normalize("NFKC"))].some((part) => reads(part, speaker));

/** Whether a text reads as one of the words that were reserved on the first day. */
export const isOffice = (text: string): boolean => reads(text, office);

/** Whether a title reads as the lobby's, in any language of the site. */
export const isLobbyTitle = (title: string): boolean => reads(title, lobby);
