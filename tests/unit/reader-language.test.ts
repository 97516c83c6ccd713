import type { SiteLanguages } from "../../protocol/locales";
import { explicitUrl, localizedUrl, readerLanguage } from "../../server/site/reader-language";
import { expect, test } from "../support/plain-test";

const all: SiteLanguages = { original: "en", on: ["en", "ko", "ja"] };

test("the reader's language is the browser's best among ours, by quality", () => {
  for (const [accepted, language] of [
    ["ko", "ko"],
    ["ko-KR", "ko"],
    ["KO-kr", "ko"],
    ["ja-JP,ja;q=0.9,en;q=0.8", "ja"],
    ["ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7", "ko"],
    ["en-US,en;q=0.9,ko;q=0.8", "en"],
    ["fr-FR,fr;q=0.9,ko;q=0.5,en;q=0.3", "ko"],
    ["en;q=0.3, ja;q=0.7", "ja"],
    ["en;q=0.5,ko;q=0.5", "en"],
    ["ko ; q=0.2 , ja ; q=0.8", "ja"],
    ["ko;q=0,en;q=0.1", "en"],
    ["ko;q=0", "en"],
    ["ko;q=0.0, *", "en"],
    ["en;q=0, *", "ko"],
    ["en;q=0,*;q=0.5,ja;q=0.4", "ko"],
    ["*", "en"],
    ["fr", "en"],
    ["kok-IN", "en"],
    ["ja;q=2,ko;q=0.1", "ko"],
    ["ja;q=x,ko;q=0.1", "ko"],
    ["ja;q=,ko;q=0.1", "ko"],
    ["ja;q=-1", "en"],
    [",,;;q=,=", "en"],
    ["", "en"],
    [undefined, "en"],
  ] as const)
    expect(readerLanguage({ "accept-language": accepted }, all), accepted).toBe(language);
});

test("the reader's choice takes precedence over the browser's languages, unless the site lacks that language", () => {
  for (const [cookie, language] of [
    ["NEXT_LOCALE=en", "en"],
    ["a=1; NEXT_LOCALE=ja; b=2", "ja"],
    ["a=1;NEXT_LOCALE=ja", "ja"],
    ["NEXT_LOCALE=fr", "ko"],
    ["NEXT_LOCALE=", "ko"],
    ["NEXT_LOCALE=ja-JP", "ko"],
    ["OLD_NEXT_LOCALE=ja", "ko"],
    ["a=NEXT_LOCALE=ja", "ko"],
    ["", "ko"],
  ] as const)
    expect(readerLanguage({ cookie, "accept-language": "ko" }, all), cookie).toBe(language);
});

test("an address without a language gets the reader's; an address with one, a file and the API are unchanged", () => {
  const korean = { "accept-language": "ko-KR" };
  for (const [url, localized] of [
    ["/", "/ko"],
    ["/?x=/en", "/ko?x=/en"],
    ["/chat", "/ko/chat"],
    ["/chat/tea?x=1?2", "/ko/chat/tea?x=1?2"],
    ["/kok", "/ko/kok"],
    ["/enough", "/ko/enough"],
    ["/posts/version-2.0", "/ko/posts/version-2.0"],
    ["/nowhere", "/ko/nowhere"],
  ] as const) {
    expect(localizedUrl(url, korean, all), url).toBe(localized);
    expect(localizedUrl(url, {}, all), "the original language needs no other address").toBeUndefined();
  }
  for (const url of [
    "/ko",
    "/ko/chat",
    "/en",
    "/en/chat",
    "/EN/chat",
    "/ja?x",
    "/_next/data/1/chat.json",
    "/_next/static",
    "/api",
    "/api/rooms/lobby",
    "/feed.xml",
    "/manifest.webmanifest",
    "/theme.js",
    "//evil.example/chat",
    "/chat//tea",
    "/\\evil.example",
    "http://evil.example/chat",
    "*",
    "",
  ])
    expect(localizedUrl(url, korean, all), url).toBeUndefined();
});

test("for a reader of another language, links on an explicit English page lead to explicit English pages", () => {
  const headers = { "accept-language": "ko-KR", host: "blog.example" };
  for (const [url, explicit] of [
    ["/", "/en"],
    ["/?x=1", "/en?x=1"],
    ["/chat", "/en/chat"],
    ["/chat/tea?x=1", "/en/chat/tea?x=1"],
  ] as const)
    for (const path of ["/en", "/en/rooms", "/EN/chat?y"])
      expect(explicitUrl(url, { ...headers, referer: `https://blog.example${path}` }, all), url).toBe(
        explicit,
      );
  for (const referer of [
    undefined,
    "",
    "/en/chat",
    "https://blog.example/",
    "https://blog.example/chat",
    "https://blog.example/ko/chat",
    "https://blog.example/english",
    "https://other.example/en/chat",
  ])
    expect(
      explicitUrl("/chat", { ...headers, ...(referer !== undefined && { referer }) }, all),
      referer,
    ).toBeUndefined();
  const referer = "https://blog.example/en/rooms";
  for (const url of [
    "/ko/chat",
    "/en/chat",
    "/api/rooms/lobby",
    "/_next/static",
    "/theme.js",
    "//evil.example/chat",
  ])
    expect(explicitUrl(url, { ...headers, referer }, all), url).toBeUndefined();
  expect(
    explicitUrl("/chat", { host: headers.host, referer }, all),
    "English is the reader's language anyway",
  ).toBeUndefined();
});

test("a site in Korean and Japanese has no English reader: Korean is at addresses without a language", () => {
  const korean: SiteLanguages = { original: "ko", on: ["ko", "ja"] };
  const english = { "accept-language": "en-US,en;q=0.9,ja;q=0.3" };
  expect(readerLanguage(english, korean)).toBe("ja");
  expect(readerLanguage({ cookie: "NEXT_LOCALE=en" }, korean), "an earlier choice").toBe("ko");
  expect(localizedUrl("/chat", english, korean)).toBe("/ja/chat");
  expect(localizedUrl("/chat", {}, korean)).toBeUndefined();
  expect(localizedUrl("/en/chat", english, korean), "no page has this path").toBe("/ja/en/chat");
  const referer = "https://blog.example/ko/rooms";
  expect(explicitUrl("/chat", { ...english, host: "blog.example", referer }, korean)).toBe("/ko/chat");
});

test("a site in one language serves it to all, and never redirects", () => {
  const one: SiteLanguages = { original: "ko", on: ["ko"] };
  for (const accepted of ["en", "ja", "*", ""]) {
    const headers = { "accept-language": accepted, cookie: "NEXT_LOCALE=en" };
    expect(readerLanguage(headers, one)).toBe("ko");
    expect(localizedUrl("/chat", headers, one)).toBeUndefined();
  }
});
