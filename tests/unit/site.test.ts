import type { IncomingMessage } from "node:http";
import type { SitePost } from "../../content/posts";
import type { SiteLanguages } from "../../protocol/locales";
import { isDay } from "../../protocol/posts";
import { siteOriginOf } from "../../server/gateway/site-origin";
import { canonicalUrl } from "../../server/site/canonical-path";
import { feedOf } from "../../server/site/feed";
import { robotsOf } from "../../server/site/robots";
import { sitemapOf } from "../../server/site/sitemap";
import { xml } from "../../server/site/xml";
import { expect, test } from "../support/plain-test";

const origin = "https://blog.example";
const languages: SiteLanguages = { original: "en", on: ["en", "ko", "ja"] };
const at = { origin, original: languages.original };
const head = (title: string, summary: string) => ({ title, summary, date: "2026-11-21", tags: [] });
const post = (slug: string, more: Partial<SitePost> = {}): SitePost => ({
  slug,
  room: `post-${slug}`,
  date: "2026-11-21",
  original: "en",
  heads: new Map([["en", head(`Title of ${slug}`, "What it says")]]),
  ...more,
});

const hostile = post("첫 글&<co>", {
  heads: new Map([
    ["en", head('</title><script>alert("1")</script> & more', "it's \u0000\u000b]]>")],
    ["ko", head("첫 글", "요약")],
  ]),
});

test("the sitemap and the feed are well-formed with any title or slug of a post", () => {
  for (const text of [
    sitemapOf(at, languages, [hostile]),
    feedOf(at, [hostile], { locale: "en", name: "A & B", description: "<x>" }),
  ]) {
    expect(text).not.toMatch(/<script|<co>|<x>|& /);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    expect(text).toContain("/posts/%EC%B2%AB%20%EA%B8%80%26%3Cco%3E");
  }
  expect(xml(`"'&<>\ud800`)).toBe("&quot;&apos;&amp;&lt;&gt;\ufffd");
});

test("a sitemap has every page in each of its languages, with its translations", () => {
  const text = sitemapOf(at, languages, [post("hello"), hostile]);
  const places = [...text.matchAll(/<loc>(.*?)<\/loc>/g)].map(([, place]) => place);
  const standing = ["/", "/chat", "/rooms", "/privacy"].flatMap((page) =>
    languages.on.map((locale) => (locale === "en" ? page : `/${locale}${page === "/" ? "" : page}`)),
  );
  expect(standing).toEqual(expect.arrayContaining(["/", "/ko", "/ja/chat", "/rooms"]));
  const other = "/posts/%EC%B2%AB%20%EA%B8%80%26%3Cco%3E";
  expect(places).toEqual([...standing, "/posts/hello", other, `/ko${other}`].map((place) => origin + place));
  expect(text).toContain(`<xhtml:link rel="alternate" hreflang="ko" href="${origin}/ko${other}"/>`);
  expect(text).toContain(`<xhtml:link rel="alternate" hreflang="x-default" href="${origin}/posts/hello"/>`);
  expect(text.match(/<lastmod>2026-11-21<\/lastmod>/g)).toHaveLength(3);
});

test("a feed has the newest posts in its language, or in the language in which they were written", () => {
  const text = feedOf(at, [hostile, post("hello", { date: "2026-11-01" })], {
    locale: "ko",
    name: "마당",
    description: "이야기",
  });
  const entries = [...text.matchAll(/<entry xml:lang="(..)"><id>(.*?)<\/id><title>(.*?)<\/title>/g)].map(
    ([, ...found]) => found,
  );
  expect(entries).toEqual([
    ["ko", `${origin}/ko/posts/%EC%B2%AB%20%EA%B8%80%26%3Cco%3E`, "첫 글"],
    ["en", `${origin}/posts/hello`, "Title of hello"],
  ]);
  expect(text).toContain("<updated>2026-11-21T00:00:00Z</updated>");
  expect(text).toContain(`<link rel="self" type="application/atom+xml" href="${origin}/ko/feed.xml"/>`);
  expect(feedOf(at, [], { locale: "en", name: "M", description: "" })).toContain("<updated>1970-");
});

test("a site in Korean has Korean at the addresses without a language, and names no translations", () => {
  const one: SiteLanguages = { original: "ko", on: ["ko"] };
  const korean = post("첫-글", { original: "ko", heads: new Map([["ko", head("첫 글", "요약")]]) });
  const text = sitemapOf({ origin, original: "ko" }, one, [korean]);
  const places = [...text.matchAll(/<loc>(.*?)<\/loc>/g)].map(([, place]) => place?.replace(origin, ""));
  expect(places).toEqual(["/", "/chat", "/rooms", "/privacy", "/posts/%EC%B2%AB-%EA%B8%80"]);
  expect(text).not.toContain("hreflang");
  const feed = feedOf({ origin, original: "ko" }, [korean], { locale: "ko", name: "M", description: "" });
  expect(feed).toContain(`<link rel="self" type="application/atom+xml" href="${origin}/feed.xml"/>`);
  expect(robotsOf(origin, one)).not.toContain("/ko/");
});

test("a post without the site's own language is listed in the languages that it has", () => {
  const japanese = post("haiku", { original: "ja", heads: new Map([["ja", head("俳句", "要約")]]) });
  const text = sitemapOf(at, languages, [japanese]);
  expect(text).toContain(`<loc>${origin}/ja/posts/haiku</loc>`);
  expect(text).toContain(`hreflang="x-default" href="${origin}/ja/posts/haiku"`);
  expect(text).not.toContain(`<loc>${origin}/posts/haiku</loc>`);
  const feed = feedOf(at, [japanese], { locale: "ko", name: "M", description: "" });
  expect(feed).toContain(`<entry xml:lang="ja"><id>${origin}/ja/posts/haiku</id>`);
});

test("robots.txt names the sitemap and the closed paths, in every language", () => {
  const lines = robotsOf(origin, languages).split("\n");
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
  expect(at(forwarded), "no proxy is trusted").toBe("http://blog.example:443");
  expect(at({ host: "blog.example", "x-forwarded-proto": "https, http" }, 1)).toBe("http://blog.example");
  expect(at({ host: "blog.example", "x-forwarded-proto": "http, https, http" }, 2)).toBe(
    "https://blog.example",
  );
  expect(at({ host: "blog.example", "x-forwarded-proto": "https" }, 2)).toBe("https://blog.example");
  expect(at({ host: "blog.example:8080" }, 1)).toBe("http://blog.example:8080");
  expect(at({ host: "evil" }, 0, origin)).toBe(origin);
  for (const host of ["", "a/b", "a b", "u@h", "<script>"]) expect(at({ host }), host).toBeUndefined();
});

test("an address in other letters redirects to the page's own, in one step", () => {
  const slugs = ["hello", "Hello_World.v2", "첫-글", "Twice", "twice"];
  const leads = (url: string) => canonicalUrl(url, { languages: languages.on, slugs });
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
    expect(leads(right), "no further redirect").toBeUndefined();
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

test("a date must exist in the calendar", () => {
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
