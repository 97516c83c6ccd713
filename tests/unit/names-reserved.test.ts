import { expect, test } from "@playwright/test";
import { claimName } from "../../server/chat/name-rules";
import { isLobbyTitle, isReserved, isReservedTitle } from "../../server/chat/names-reserved";

const offices: Record<string, string[]> = {
  "in each language": [
    ..."admin administrator Owner MODERATOR mod system server madang".split(" "),
    ..."관리자 운영자 시스템 서버 마당".split(" "),
    ..."管理者 管理人 運営 システム サーバー モデレーター".split(" "),
  ],
  "that speaks for the author": [
    ..."Author Authors author's Writer Blogger Editor Owner's Founder Creator".split(" "),
    ..."글쓴이 글쓴이님 블로그주인 작성자 저자 필자 주인장".split(" "),
    ..."作者 著者 筆者 投稿者 ブログ主 執筆者".split(" "),
    "블로그 주인",
    "이 글 작성자",
    "The Author",
    "Author of this blog",
    "Blog Owner",
    "この記事の著者",
    "ブログの管理人",
    "글 쓴 이",
  ],
  "that speaks for the site": [
    ..."Official Support Helpdesk Notice Announcements Security Staff".split(" "),
    ..."공식 공지 공지사항 알림 안내 고객센터 서포트 운영팀".split(" "),
    ..."公式 お知らせ 告知 サポート オフィシャル ヘルプ 中の人".split(" "),
    ..."官方 客服 博主 站长 管理员".split(" "),
    "공식 계정",
    "公式アカウント",
    "Official Support Team",
    "Site Support",
  ],
  "of the author in look-alike spelling": [
    "Аuthоr",
    "Auth0r",
    "@uthor",
    "0fficial",
    "Offlcial",
    "OFFICIAL✓",
    "★공식★",
    "Sυpport",
    "5upport",
    "ｻﾎﾟｰﾄ",
    "サポ一ト",
    "作者。",
    "글쓴이1",
    "ｏｗｎｅｒ＇ｓ",
    "A-u-t-h-o-r",
  ],
  "set apart in a longer name": [
    "Bob (Author)",
    "[Admin] Bob",
    "【公式】ボブ",
    "ボブ（作者）",
    "Bob | Support",
    "Bob - Official",
    "Bob/Staff",
    "공식: 철수",
    "철수 · 글쓴이",
    "Bob ✓ Official",
    "«Author» Bob",
  ],
  "as a word of its own": [
    "Admin Kim",
    "Bob Moderator",
    "김 운영자",
    "관리자 철수",
    "山田 管理人",
    "Аdmin Kim",
  ],
  "in look-alike letters": ["Аdmіn", "ADMlN", "ＡＤＭＩＮ", "𝓞𝔀𝓷𝓮𝓻", "Ⓜⓞⓓ", "🅐🅓🅜🅘🅝", "ᴀᴅᴍɪɴ", "ｼｽﾃﾑ", "rnod"],
  "in single letters of Hangul": ["관리자".normalize("NFD")],
  "spaced and pointed": [
    "A d m i n",
    "a-d-m-i-n",
    "m.o.d",
    "관 리 자",
    "「システム」",
    "|admin|",
    "*** Owner ***",
  ],
  "with digits": ["admin1", "1admin", "mod3", "운영자 1", "0wner", "10wner", "0wner12", "Adm1n1", "🅐🅓🅜🅘🅝 1"],
  "in digits and signs for letters": [
    "@dm1n",
    "＠ｄｍｉｎ",
    "4dmin",
    "$y5tem",
    "m0der4t0r",
    "S3rver",
    "Adm!n!",
  ],
  "with marks": ["Ádmin", "Ow\u0308ner"],
  "dressed up": [
    "The Admin",
    "Official Moderator",
    "Server Admin",
    "madang-admin",
    "Admin Team",
    "관리자님",
    "運営チーム",
    "管理者さん",
  ],
};

for (const [what, names] of Object.entries(offices)) {
  test(`[ID-3] an office ${what} is reserved`, () => {
    expect(names.filter((name) => !isReserved(name))).toEqual([]);
    for (const name of names) expect(() => claimName(name)).toThrow("This name is reserved.");
  });
}

test("[ID-3] a name that merely has an office in it is anybody's", () => {
  const names = [
    ..."Padmini Modi Modern Nomad Badminton Systema Serverin Landowner Adminka Model Comod Madangi".split(
      " ",
    ),
    ..."마당발 시스템즈 서버비 운영 관리 님프".split(" "),
    ..."システマ 管理 オーナ さんま 様子".split(" "),
    ...[
      "Mod Squad",
      "System of a Down",
      "Official Bob",
      "Support Bubble",
      "Owner of cats",
      "No Author",
      "Helper",
      "Hostess",
      "Noticeable",
      "Penny Writer",
      "Art Hurts",
      "Manage",
      "Super Mario",
      "수학 공식",
      "마당 고양이",
      "주인 없는 고양이",
      "웹툰작가",
      "지은이",
      "안내견",
      "공주님",
      "알림이",
      "작은이",
      "글쓰기",
      "サポーター",
      "作田 公子",
      "公子",
      "著莪",
      "お知恵",
      "通り雨",
      "Team Otter",
      "The Otter",
      "Real Heron",
      "Chat Noir",
      "1 2 3",
      "!!",
      "🦦🦦",
    ],
  ];
  expect(names.filter(isReserved)).toEqual([]);
});

test("[C-6] a title that speaks for the site as a whole or in brackets is reserved, and no other", () => {
  const reserved = [
    "공지",
    "[공지] 내일",
    "【公式】雑談",
    "Official",
    "Support",
    "ADMlN",
    "Games (official)",
    "운영자 채팅",
  ];
  expect(reserved.filter((title) => !isReservedTitle(title))).toEqual([]);
  const honest = [
    ..."Tea Coffee Music 잡담 책이야기 雑談 読書会".split(" "),
    "Ask a moderator",
    "Authors we love",
    "Server rooms: pictures",
    "공지 읽는 모임",
    "수학 공식 외우기",
    "公式戦の感想",
    "Photography (Korean)",
    "Books | Film",
  ];
  expect(honest.filter(isReservedTitle)).toEqual([]);
});

test("[C-6] a title that reads as the lobby's is told from one that has the word in it", () => {
  const lobbies = [
    "Lobby",
    "LOBBY",
    "lobby.",
    "Lоbby",
    "L0bby",
    "로비",
    "ロビー",
    "The Lobby",
    "로 비",
    "Lobby 2",
    "[Lobby]",
  ];
  expect(lobbies.filter((title) => !isLobbyTitle(title))).toEqual([]);
  for (const title of ["Hotel lobby stories", "Lobbying", "로비스트", "ロビン"])
    expect(isLobbyTitle(title)).toBe(false);
});

test("[ID-3] reading a hostile name takes no time", () => {
  const started = performance.now();
  for (const word of ["admins", "公式", "the", "s", "mods", "admin ", "[", "(a", "s's"])
    for (const read of [isReserved, isReservedTitle, isLobbyTitle])
      read(`${word.repeat(600 / word.length)}x`);
  expect(performance.now() - started).toBeLessThan(2_000);
});
