import { expect, test } from "@playwright/test";
import { claimName } from "../../server/chat/name-rules";
import { isReserved } from "../../server/chat/names-reserved";

const offices: Record<string, string[]> = {
  "in each language": [
    ..."admin administrator Owner MODERATOR mod system server madang".split(" "),
    ..."관리자 운영자 시스템 서버 마당".split(" "),
    ..."管理者 管理人 運営 システム サーバー モデレーター".split(" "),
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
