import type { IncomingMessage } from "node:http";
import { expect, test } from "@playwright/test";
import { locales } from "../../protocol/locales";
import { isDay } from "../../protocol/posts";
import { siteOriginOf } from "../../server/gateway/site-origin";
import { canonicalUrl } from "../../server/site/canonical-path";
import { feedOf } from "../../server/site/feed";
import type { SitePost } from "../../server/site/posts";
import { robotsOf } from "../../server/site/robots";
import { sitemapOf } from "../../server/site/sitemap";
import { xml } from "../../server/site/xml";

const origin = "https://blog.example";
const post = (slug: string, more: Partial<SitePost> = {}): SitePost => ({
  slug,
  room: `post-${slug}`,
  date: "2026-11-21",
  heads: new Map([["en", { title: `Title of ${slug}`, summary: "What it says" }]]),
  ...more,
});

const hostile = post("첫 글&<co>", {
  heads: new Map([
    ["en", { title: '</title><script>alert("1")</script> & more', summary: "it's \u0000\u000b]]>" }],
    ["ko", { title: "첫 글", summary: "요약" }],
  ]),
});

test("any title or slug of a post leaves the sitemap and the feed well-formed", () => {
  for (const text of [
    sitemapOf(origin, [hostile]),
    feedOf(origin, [hostile], { locale: "en", name: "A & B", description: "<x>" }),
  ]) {
    expect(text).not.toMatch(/<script|<co>|<x>|& /);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    expect(text).toContain("/posts/%EC%B2%AB%20%EA%B8%80%26%3Cco%3E");
  }
  expect(xml(`"'&<>\ud800`)).toBe("&quot;&apos;&amp;&lt;&gt;\ufffd");
});

test("a sitemap has every page in each language in which it is written, with its translations", () => {
  const text = sitemapOf(origin, [post("hello"), hostile]);
  const places = [...text.matchAll(/<loc>(.*?)<\/loc>/g)].map(([, place]) => place);
  const standing = ["/", "/chat", "/rooms"].flatMap((page) =>
    locales.map((locale) => (locale === "en" ? page : `/${locale}${page === "/" ? "" : page}`)),
  );
  expect(standing).toEqual(expect.arrayContaining(["/", "/ko", "/ja/chat", "/rooms"]));
  const other = "/posts/%EC%B2%AB%20%EA%B8%80%26%3Cco%3E";
  expect(places).toEqual([...standing, "/posts/hello", other, `/ko${other}`].map((place) => origin + place));
  expect(text).toContain(`<xhtml:link rel="alternate" hreflang="ko" href="${origin}/ko${other}"/>`);
  expect(text).toContain(`<xhtml:link rel="alternate" hreflang="x-default" href="${origin}/posts/hello"/>`);
  expect(text.match(/<lastmod>2026-11-21<\/lastmod>/g)).toHaveLength(3);
  expect(sitemapOf(origin, [post("x", { date: undefined })])).not.toContain("lastmod");
});

test("a feed has the newest posts in its language, or else as they were written", () => {
  const text = feedOf(
    origin,
    [hostile, post("hello", { date: "2026-11-01" }), post("undated", { date: undefined })],
    {
      locale: "ko",
      name: "마당",
      description: "이야기",
    },
  );
  const entries = [...text.matchAll(/<entry xml:lang="(..)"><id>(.*?)<\/id><title>(.*?)<\/title>/g)].map(
    ([, ...found]) => found,
  );
  expect(entries).toEqual([
    ["ko", `${origin}/ko/posts/%EC%B2%AB%20%EA%B8%80%26%3Cco%3E`, "첫 글"],
    ["en", `${origin}/posts/hello`, "Title of hello"],
  ]);
  expect(text).toContain("<updated>2026-11-21T00:00:00Z</updated>");
  expect(text).toContain(`<link rel="self" type="application/atom+xml" href="${origin}/ko/feed.xml"/>`);
  expect(feedOf(origin, [], { locale: "en", name: "M", description: "" })).toContain("<updated>1970-");
});

test("robots.txt names the sitemap and the closed paths, in every language", () => {
  const lines = robotsOf(origin).split("\n");
  expect(lines).toEqual(
    expect.arrayContaining([
      "User-agent: *",
      "Disallow: /api/",
      "Disallow: /ja/me",
      `Sitemap: ${origin}/sitemap.xml`,
    ]),
  );
  expect(lines).not.toContain("Disallow: /");
});

test("the site's address is SITE_URL or the requested Host, over TLS when a trusted proxy says so", () => {
  const at = (headers: Record<string, string>, trustedProxyHops = 0, siteOrigin?: string) =>
    siteOriginOf({ headers, rawHeaders: Object.entries(headers).flat() } as unknown as IncomingMessage, {
      siteOrigin,
      trustedProxyHops,
    });
  const forwarded = { host: "Blog.Example:443", "x-forwarded-proto": "https" };
  expect(at(forwarded, 1)).toBe("https://blog.example");
  expect(at(forwarded), "nobody is trusted").toBe("http://blog.example:443");
  expect(at({ host: "blog.example", "x-forwarded-proto": "https, http" }, 1)).toBe("http://blog.example");
  expect(at({ host: "blog.example", "x-forwarded-proto": "http, https, http" }, 2)).toBe(
    "https://blog.example",
  );
  expect(at({ host: "blog.example", "x-forwarded-proto": "https" }, 2)).toBe("https://blog.example");
  expect(at({ host: "blog.example:8080" }, 1)).toBe("http://blog.example:8080");
  expect(at({ host: "evil" }, 0, origin)).toBe(origin);
  for (const host of ["", "a/b", "a b", "u@h", "<script>"]) expect(at({ host }), host).toBeUndefined();
});

test("an address in other letters leads to the page's own, in one step", () => {
  const slugs = ["hello", "Hello_World.v2", "첫-글", "Twice", "twice"];
  const leads = (url: string) => canonicalUrl(url, slugs);
  for (const [url, right] of [
    ["/chat/Lobby", "/chat"],
    ["/chat/lobby", "/chat"],
    ["/ko/chat/LOBBY?x=A", "/ko/chat?x=A"],
    ["/Chat", "/chat"],
    ["/KO/Chat/Tea-Room", "/ko/chat/tea-room"],
    ["/ROOMS?make=Tea", "/rooms?make=Tea"],
    ["/Me/Claim", "/me/claim"],
    ["/Direct/0123456789abcdeF", "/direct/0123456789abcdeF"],
    ["/posts/HELLO", "/posts/hello"],
    ["/Posts/hello_world.V2", "/posts/Hello_World.v2"],
    [`/posts/${encodeURIComponent("첫-글".normalize("NFD"))}`, "/posts/%EC%B2%AB-%EA%B8%80"],
    ["/JA", "/ja"],
    ["/Sitemap.xml", "/sitemap.xml"],
  ] as const) {
    expect(leads(url), url).toBe(right);
    expect(leads(right), "and no further").toBeUndefined();
  }
  for (const url of [
    "/",
    "/ko",
    "/chat",
    "/chat/No%20Room",
    `/chat/${"A".repeat(65)}`,
    "/direct/AbCdEfGhIjKlMnOp",
    "/posts/hello",
    "/posts/%EC%B2%AB-%EA%B8%80",
    "/posts/TWICE",
    "/posts/nowhere",
    "/posts/%E0%A4%A",
    "/_next/static/Chunk.js",
    "/api/rooms/Lobby",
    "//Evil.example/Chat",
    "//chat",
    "/\\evil.example",
    "/Nowhere",
    "http://evil.example/Chat",
    "*",
    "",
  ])
    expect(leads(url), url).toBeUndefined();
});

test("a day is one of the calendar", () => {
  for (const day of ["2026-11-21", "2024-02-29"]) expect(isDay(day)).toBe(true);
  for (const other of [
    undefined,
    "",
    "2026-02-29",
    "2026-13-01",
    "2026-1-1",
    "21.11.2026",
    "2026-11-21T00:00Z",
  ])
    expect(isDay(other), other).toBe(false);
});
