import { textLanguage } from "../../components/words/text-language";
import { expect, test } from "../support/plain-test";

test("a text's language follows from its script when the page's language has another script", () => {
  for (const [text, ...expected] of [
    // text, then its language on an English, a Korean and a Japanese page
    ["안녕하세요", "ko", undefined, "ko"],
    ["ㅋㅋㅋ", "ko", undefined, "ko"],
    ["ㅠㅠ", "ko", undefined, "ko"],
    ["React 쓰시는 분?", "ko", undefined, "ko"],
    ["大韓民國은 民主共和國이다", "ko", undefined, "ko"],
    ["美 대통령 방한", "ko", undefined, "ko"],
    ["こんにちは", "ja", "ja", undefined],
    ["カタカナ", "ja", "ja", undefined],
    ["ｶﾀｶﾅ", "ja", "ja", undefined],
    ["え？", "ja", "ja", undefined],
    ["今日は暑い", "ja", "ja", undefined],
    ["これ、TypeScriptで書いた？", "ja", "ja", undefined],
    ["韓国語で「안녕하세요」と言います", "ja", "ja", undefined],
    ["오늘 스시(すし) 먹었어요", "ko", undefined, "ko"],
    ["大丈夫", "zh", "zh", undefined],
    ["你好，世界", "zh", "zh", undefined],
    ["我昨天认识了一个韩国朋友，他的名字叫김", "zh", "zh", undefined],
    ["hello there", undefined, "en", "en"],
    ["Brave Otter", undefined, "en", "en"],
    ["OK 👍", undefined, "en", "en"],
    ["¿dónde está?", undefined, undefined, undefined],
    ["schöne Grüße", undefined, undefined, undefined],
    ["Привет", undefined, undefined, undefined],
    ["مرحبا", undefined, undefined, undefined],
    ["สวัสดี", undefined, undefined, undefined],
  ] as const)
    expect([textLanguage(text, "en"), textLanguage(text, "ko"), textLanguage(text, "ja")], text).toEqual(
      expected,
    );
});

test("digits, emoji, laughter, kaomoji, addresses and code have no language", () => {
  for (const text of [
    "",
    "42",
    "１２３",
    "2026-11-21 12:30",
    "👍🏽🎉",
    "👨‍👩‍👧",
    "!?…",
    "www",
    "wwwwww",
    "x",
    "ー",
    "¯\\_(ツ)_/¯",
    "ヽ(´ー`)ノ",
    "https://example.com/한글/ひらがな",
    "`const 값 = 1`",
    "```\nprint('こんにちは')\n```",
    "```\nこんにちは, never closed",
    "\ud83d",
  ])
    for (const page of ["en", "ko", "ja"] as const) expect(textLanguage(text, page), text).toBeUndefined();
});

test("beside an address or code, the other words decide the language", () => {
  expect(textLanguage("見て https://example.com/한글", "ko")).toBe("ja");
  expect(textLanguage("`こんにちは` 이게 무슨 뜻이에요?", "ja")).toBe("ko");
  expect(textLanguage("see https://example.com/한글", "en")).toBeUndefined();
  expect(textLanguage("シャツ¯\\_(ツ)_/¯", "en")).toBe("ja");
});

test("the beginning of a long text decides its language", () => {
  expect(textLanguage(`${"가".repeat(500)}${"あ".repeat(4_000)}`, "en")).toBe("ko");
  for (const part of ["`", "```", "https://a ", "www", "\ud83d"])
    expect(textLanguage(part.repeat(4_000), "ko"), part).toBeUndefined();
});
