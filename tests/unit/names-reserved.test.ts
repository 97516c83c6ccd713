import { readFileSync } from "node:fs";
import { locales } from "../../protocol/locales";
import { isLobbyTitle, isReserved, isReservedTitle } from "../../server/names/reserved";
import { claimName } from "../../server/names/rules";
import { numberedName, suggestNames } from "../../server/names/suggest";
import { expect, test } from "../support/plain-test";

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
  "in any place of a name": [
    "Blog owner",
    "Site Admin",
    "Official Bob",
    "Bob the Author",
    "Owner of this blog",
    "Your Host",
    "Kim from Staff",
    "KimAdmin",
    "xXAdminXx",
    "kim_admin",
    "Kim-Moderator",
    "A d m i n Kim",
    "Kim, Admin here",
    "철수Admin님",
    "Customer Support",
    "Support Agent",
    "Room Moderator",
    "Staff 2",
    "운영자입니다",
    "㈜운영자",
    "새운영자임",
    "여기방 방장입니다",
    "관 리 자 철수",
    "운영진일동",
    "고객센터상담",
    "管理者より",
    "管理人です",
    "運営からの連絡",
    "公式ボブ",
    "ボブ公式",
    "編集部一同",
    "スタッフA",
    "お知らせ係",
    "客服小王",
  ],
  "in look-alike Han letters": ["菅理者", "管埋者", "菅埋者より", "連営", "公弍", "管理煮"],
  "on flags": ["🇦🇩🇲🇮🇳", "🇲🇴🇩"],
  "of another alphabet": [
    "Ⲁdmin",
    "𐌀dmin",
    "ꬰdmin",
    "adꮇin",
    "offiꮯial",
    "ⲟwner",
    "𐌏wner",
    "ꭺdmin",
    "ⲱebmaster",
  ],
  "that the page writes itself": [
    "You",
    "you.",
    "(you)",
    "Bob (you)",
    "Y0u",
    "나자신",
    "Bob (나)",
    "あなた",
    "自分",
    "Alice joined",
    "Alice left",
    "Alіce joіned",
    "Bob is now Alice",
    "[removed]",
    "Message removed",
    "[deleted]",
    "철수님이 입장했습니다",
    "민수님이 나갔습니다",
    "삭제된 메시지입니다",
    "太郎さんが入室しました",
    "削除されたメッセージです",
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
  "that a badge draws": [
    ..."🛡Bob 🛡\ufe0fBob Bob🛡\ufe0e ⛨Bob Bob⛉ ⛊Bob ☖Bob Bob☗ 🔰Bob ⯂Bob 🛡🛡".split(" "),
    ..."Bob✓ ✔Bob Bob✔\ufe0f Bob✅ ☑\ufe0fBob Bob☑ 🗸Bob Bob🗹 √Bob Bob📛 🪪Bob".split(" "),
    "Bob 🛡\ufe0e",
    "🦦 Bob ✓",
    "철수 ✔",
    "さくら✅",
    "B✓b",
  ],
  "of other languages": [
    ..."Модератор модератор Админ Администратор Modérateur MODERATEUR Moderador moderadora Moderatore".split(
      " ",
    ),
    ..."Amministratore Administrador Administrateur Moderatör Yönetici Διαχειριστής مشرف".split(" "),
    "Модератор Иван",
    "Bob (modérateur)",
    "Ивaн Aдмин",
  ],
  "in Korean as it is said now": [
    ..."오너 오너님 모더 모더입니다 관리쟈 운영쟈 괸리자 인증계정 글슨이".split(" "),
    "공식 Bob",
    "공식 철수",
    "Bob 공식",
    "Bob공식",
    "Verified Bob",
    "Bob (verified)",
    "認証済みボブ",
  ],
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

test("[ID-3] a name that merely contains a reserved word is free", () => {
  const names = [
    ..."Padmini Modi Modern Nomad Badminton Systema Serverin Landowner Adminka Model Comod Madangi".split(
      " ",
    ),
    ..."마당발 시스템즈 서버비 운영 관리 님프".split(" "),
    ..."システマ 管理 オーナ さんま 様子".split(" "),
    ...[
      "Mod Squad",
      "System of a Down",
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

/** Names that people have or choose. */
const honest = `
Malcolm Hostetler,Yours Truly,Youngmi,You Jin,Youssef,Young Ja,Adminton,Staffan Berg,Stafford,Ownby,Lefty,Leftwich,Removable Ron,
Rejoined Not Yet,Joiner,Hosta Lily,Ghosting,Modesty Blaise,Bot Fly,Abbot Lee,Supporter,Penny Writer,Art Hurts,Ada Minelli,Wladimir,
Padmini,Sadmir,Officer Dibble,Unofficial Bob,Authur,Systematic Sam,Helpful Hal,Securita,Server Sun,Non Author,Not an owner,Owner of cats,
Łukasz,Đorđe,Zoë,Björn,José María,Nguyễn Thị Hằng,Юлия,Дмитрий,Γιώργος,محمد,שרה,प्रिया,สมชาย,አበበ,გიორგი,Ólafur Þór,Siobhán O'Neil,
김운영,윤영자,공지영,공지은,관우,정관리,나영,나은,나나,나래,유저,방장현,주인공,집주인,웹툰작가,여행작가,알림이,안내견,지은이,서버비,시스템즈,
마당발,마당 고양이,수학 공식,운영,관리,공식적,성공지향,저자거리,미술관 리자,입장료,퇴장 전,삭제 금지,본인쇄,도우미,스탠리,오매니,
오너드라이버,모더니즘,김윤영자,인증샷,자쟈나무,근의 공식,공식적인 곰,Unverified Bob,Not verified,Amin,Modou,Домино,Администра,
菅理人,菅野 理人,菅原,公子,公武,公文 式部,管野,運天,営子,編み物,作田 公子,著莪,理者,自分史,貴方,非公式ボブ,公式戦の人,通り雨,サポーター,システマ,
オーナ,スタジオ,知らせ鳥,お知恵,様子,さんま,入室前,退屈,削り節,さくら,ゆうき,ひなた,あなたへ花,田中,佐藤 管,王 小明,李 管`
  .split(",")
  .map((name) => name.trim());

test("[ID-3] people's names are free", () => {
  expect(honest.length).toBeGreaterThan(120);
  expect(honest.filter(isReserved)).toEqual([]);
});

test("[ID-3] ordinary emoji and signs are free in names", () => {
  const names = [
    ..."🦦 ❤\ufe0f ⭐ 👑 🎖\ufe0f 🏅 ⚔\ufe0f 👮 🔒 🗝\ufe0f 🌰 💚 🟢 🔱 ⚜\ufe0f ♥ ★ ☆ ♪ ✿ ✨ 🆗 💯 ✌\ufe0f 👍🏽 🏴‍☠️ ☮\ufe0f ✖ ✗ ❌ ☐ ▽ ♡ ™ № π ∞ ∑".split(
      " ",
    ),
  ];
  expect(names.filter((sign) => isReserved(`Otter ${sign}`) || isReserved(`${sign}${sign}`))).toEqual([]);
});

test("[C-6] a title may have a shield or a check mark, because the page marks no room with them", () => {
  for (const title of ["Done ✅", "🛡️ Security talk", "√2 and friends"])
    expect(isReservedTitle(title)).toBe(false);
});

test("[ID-3] no random name is reserved", () => {
  for (const locale of locales) {
    const names = suggestNames(locale, 2_000, Math.random).map(({ name }) => name);
    expect(names.filter(isReserved)).toEqual([]);
    expect(names.map((name) => numberedName(name, 2)).filter(isReserved)).toEqual([]);
  }
});

test("[C-6] only a title that speaks for the site, as a whole or in brackets, is reserved", () => {
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
  const titles = [
    ..."Tea Coffee Music 잡담 책이야기 雑談 読書会".split(" "),
    "Ask a moderator",
    "Tech support",
    "Left and right",
    "Authors we love",
    "Server rooms: pictures",
    "공지 읽는 모임",
    "수학 공식 외우기",
    "公式戦の感想",
    "Photography (Korean)",
    "Books | Film",
  ];
  expect(titles.filter(isReservedTitle)).toEqual([]);
});

test("[C-6] a title that reads like the lobby's is distinguished from one that only contains the word", () => {
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

test("[ID-3] a hostile name is checked quickly", () => {
  const before = process.cpuUsage();
  for (const word of ["admins", "公式", "the", "s", "mods", "admin ", "[", "(a", "s's"])
    for (const read of [isReserved, isReservedTitle, isLobbyTitle])
      read(`${word.repeat(600 / word.length)}x`);
  expect(process.cpuUsage(before).user / 1_000).toBeLessThan(2_000);
});

test("[O-2] no name can have the words with which a notification shows a role", () => {
  for (const locale of locales) {
    const words = JSON.parse(readFileSync(`components/words/${locale}.json`, "utf8"));
    for (const role of [words["role.owner"], words["role.moderator"]])
      for (const name of [role, `Brave Otter (${role})`]) expect(isReserved(name), name).toBe(true);
  }
});
