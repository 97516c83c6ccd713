import { createHash } from "node:crypto";
import { isCommonPassword } from "../../server/accounts/common-passwords";
import { findHandle, readHandle, readNewPassword, readPassword } from "../../server/accounts/credentials";
import { expect, test } from "../support/plain-test";

const badRequest = expect.objectContaining({ code: "bad_request" });
const tooLarge = expect.objectContaining({ code: "too_large" });

function thrown(step: () => unknown): unknown {
  try {
    return step();
  } catch (error) {
    return error;
  }
}

test("[H-4] a handle is stored in small letters, in any script, without spaces around it", () => {
  const handles = {
    " Otter ": "otter",
    홍길동: "홍길동",
    ﾊﾅｺ: "ハナコ",
    "Zoë-99": "zoë-99",
    "a.b_c-d": "a.b_c-d",
    ΣΊΣΥΦΟΣ: "σίσυφος",
    नमस्ते: "नमस्ते",
    ["x".repeat(32)]: "x".repeat(32),
  };
  for (const [typed, handle] of Object.entries(handles)) expect(readHandle(typed).handle).toBe(handle);
});

test("[H-4] [ID-3] look-alike handles count as one", () => {
  const { skeleton } = readHandle("paypal");
  for (const alike of ["PayPal", "раураl", "ｐａｙｐａｌ", "paypa1"])
    expect(readHandle(alike).skeleton, alike).toBe(skeleton);
  expect(readHandle("paypals").skeleton).not.toBe(skeleton);
});

test("[H-4] a malformed handle is refused, and no account has it", () => {
  const wrong = [
    "",
    "ab",
    " a ",
    "x".repeat(33),
    "x".repeat(10_000),
    "two words",
    ".otter",
    "otter!",
    "ott\u0000er",
    "ott\u200der",
    "ott\ner",
    "🦦🦦🦦",
    "\u3164\u3164\u3164",
    "ott\u3164er",
    "a\u0301\u0301\u0301\u0301b",
    "admin",
    "운영자",
    "аdmin",
  ];
  for (const text of wrong) {
    expect(
      thrown(() => readHandle(text)),
      JSON.stringify(text.slice(0, 40)),
    ).toEqual(badRequest);
    expect(findHandle(text)).toBeUndefined();
  }
});

test("[H-4] a password has at least 10 characters and at most 1 KiB, in any script and composition", () => {
  for (const fine of [
    "kv7 qzm2wd",
    "비밀스러운수달의노래방",
    `${"xq".repeat(511)}zz`,
    "🦦🦊🐻🐼🐨🐯🦁🐮🐷🐸",
  ])
    expect(readNewPassword(fine, "otter")).toBe(fine.normalize("NFKC"));
  expect(readPassword("비밀번호".normalize("NFD"))).toBe(readPassword("비밀번호"));
  expect(readPassword("ｐａｓｓ")).toBe("pass");
  for (const short of ["", "012345678", "🦦".repeat(9)])
    expect(thrown(() => readNewPassword(short, "otter"))).toEqual(badRequest);
  expect(readPassword("short"), "a password that is only tried may be short").toBe("short");
  expect(thrown(() => readPassword("x".repeat(1025)))).toEqual(tooLarge);
  expect(thrown(() => readNewPassword("비".repeat(342), "otter"))).toEqual(tooLarge);
  expect(thrown(() => readPassword("lone \ud800 surrogate"))).toEqual(badRequest);
});

test("[H-4] the skeleton that finds an account does not change with later Unicode tables", () => {
  expect(readHandle("bob_").skeleton).toBe("bob_");
  expect(readHandle("ソラ.日曰").skeleton).toBe("ソラ.日曰");
});

test("[H-4] a handle that becomes reserved cannot be taken, but its present account can still log in", () => {
  for (const handle of ["support", "글쓴이", "blogadmin"]) {
    expect(() => readHandle(handle)).toThrow("This handle is reserved.");
    expect(findHandle(handle)).toMatchObject({ handle });
  }
});

test("[H-4] a common password is refused even with added characters, and a phrase is accepted", () => {
  const common = [
    ..."0123456789 9876543210 1234512345 qwertyuiop Password123 P@ssw0rd2024 password!!!! 123password PasswordPassword".split(
      " ",
    ),
    ..."aaaaaaaaaa abcabcabcabc asdfghjklz basketball manchester Iloveyou2026 1q2w3e4r5t drowssap123 MonkeyMonkey".split(
      " ",
    ),
    ..."otter12345 MyOtter2026 otterotter madang2026!! xxOTTERxx99".split(" "),
    "          ",
    "🦦".repeat(10),
  ];
  expect(common.filter((password) => thrown(() => readNewPassword(password, "otter")) === undefined)).toEqual(
    [],
  );
  const phrases = [
    "correct horse battery staple",
    "a password that is hard to guess",
    "my otter swims in cold rivers",
    "k7Qm-34xa-Tz9p",
    "수달은 차가운 강에서 헤엄친다",
    "かわうそは冷たい川を泳ぐ",
  ];
  for (const phrase of phrases) expect(readNewPassword(phrase, "otter")).toBe(phrase.normalize("NFKC"));
});

test("[H-4] fewer than one in a thousand random passwords is taken for a common one", () => {
  const made = Array.from({ length: 5_000 }, (_, index) =>
    createHash("sha256").update(`${index}`).digest("base64").slice(0, 14),
  );
  expect(made.filter((password) => isCommonPassword(password, ["otter"])).length).toBeLessThan(5);
});
