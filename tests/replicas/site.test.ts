import { listPosts } from "../../content/render-post";
import { expect, test } from "../support/fixtures";
import type { Replica } from "../support/replica";
import { until } from "../support/until";

/** The pages as search engines, feed readers and link previews get them, before any script runs. */

const read = async (replica: Replica, path: string, headers: Record<string, string> = {}) => {
  const answer = await replica.get(path, { headers, redirect: "manual" });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
};

const tagsIn = (html: string, tag: string) =>
  [...html.matchAll(new RegExp(`<${tag}\\s([^>]*)>`, "g"))].map(([, inside = ""]) =>
    Object.fromEntries(
      [...inside.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, name = "", value = ""]) => [
        name.toLowerCase(),
        value,
      ]),
    ),
  );

const metaOf = (html: string) =>
  Object.fromEntries(
    tagsIn(html, "meta").map(({ name, property, content }) => [name ?? property ?? "", content]),
  );

test("the sitemap, robots.txt and the feeds name the address that was asked for", async ({
  startReplica,
}) => {
  const replica = await startReplica({ TRUST_PROXY_HOPS: "1" });
  const posts = listPosts("en");
  const sitemap = await read(replica, "/sitemap.xml");
  expect(sitemap.status).toBe(200);
  expect(sitemap.headers.get("content-type")).toBe("application/xml; charset=utf-8");
  expect(sitemap.headers.get("cache-control")).toContain("public");
  for (const { slug } of posts) expect(sitemap.text).toContain(`<loc>${replica.url}/ja/posts/${slug}</loc>`);
  const robots = await read(replica, "/robots.txt", { "x-forwarded-proto": "https" });
  expect(robots.text).toContain(`Sitemap: https://127.0.0.1:${replica.port}/sitemap.xml`);
  expect(robots.headers.get("content-type")).toBe("text/plain; charset=utf-8");
  for (const [place, locale] of [
    ["/feed.xml", "en"],
    ["/ko/feed.xml", "ko"],
    ["/ja/feed.xml", "ja"],
  ] as const) {
    const feed = await read(replica, place);
    expect(feed.headers.get("content-type")).toBe("application/atom+xml; charset=utf-8");
    expect(feed.text).toContain(`xml:lang="${locale}">`);
    for (const { title } of listPosts(locale)) expect(feed.text).toContain(`<title>${title}</title>`);
    const again = await read(replica, place, { "if-none-match": feed.headers.get("etag") ?? "" });
    expect([again.status, again.text]).toEqual([304, ""]);
  }
});

test("[settings] with SITE_URL set, pages name that address for any requested Host", async ({
  startReplica,
}) => {
  const replica = await startReplica({ SITE_URL: "https://Blog.Example/" });
  for (const place of ["/sitemap.xml", "/feed.xml", "/robots.txt"]) {
    const { text } = await read(replica, place);
    expect(text).toContain("https://blog.example/");
    expect(text).not.toContain("127.0.0.1");
  }
});

test("pages name their own address, their translations, the feed, and a picture for previews", async ({
  startReplica,
}) => {
  const replica = await startReplica();
  for (const [place, path] of [
    ["/", "/"],
    ["/ko", "/"],
    ["/ja/chat", "/chat"],
    ["/rooms", "/rooms"],
    ["/ko/posts/run-it-yourself", "/posts/run-it-yourself"],
  ] as const) {
    const { text, status } = await read(replica, place, { "accept-language": "en" });
    expect(status, place).toBe(200);
    const links = tagsIn(text, "link");
    const hrefs = (wanted: Record<string, string>) =>
      links
        .filter((link) => Object.entries(wanted).every(([name, value]) => link[name] === value))
        .map(({ href }) => href);
    const localised = (locale: string) => `/${locale}${path === "/" ? "" : path}`;
    expect(hrefs({ rel: "canonical" }), place).toEqual([place]);
    expect(hrefs({ rel: "alternate", hreflang: "en" })).toEqual([path]);
    expect(hrefs({ rel: "alternate", hreflang: "ko" })).toEqual([localised("ko")]);
    expect(hrefs({ rel: "alternate", hreflang: "ja" })).toEqual([localised("ja")]);
    expect(hrefs({ rel: "alternate", hreflang: "x-default" })).toEqual([path]);
    const [feed = ""] = hrefs({ type: "application/atom+xml" });
    expect((await read(replica, feed)).status).toBe(200);
    const meta = metaOf(text);
    expect(meta["og:title"], place).toMatch(/\S/);
    expect(meta["og:title"]).toBe(meta["twitter:title"]);
    expect(meta["og:description"]).toBe(meta.description);
    expect(meta["og:url"]).toBe(place);
    expect(meta["og:type"]).toBe(path.startsWith("/posts/") ? "article" : "website");
    expect(meta["twitter:card"]).toBe("summary_large_image");
    const picture = await replica.get(meta["og:image"] ?? "/nowhere");
    expect([picture.status, picture.headers.get("content-type")]).toEqual([200, "image/png"]);
  }
});

test("an address without a language is answered in the reader's language, without a redirect; one with a language names it", async ({
  startReplica,
}) => {
  const replica = await startReplica();
  const languageOf = async (place: string, headers: Record<string, string>) => {
    const { status, text } = await read(replica, place, headers);
    return `${status} ${/<html[^>]* lang="(\w+)"/.exec(text)?.[1]}`;
  };
  const korean = { "accept-language": "fr, ko-KR;q=0.9, en;q=0.5" };
  for (const place of ["/", "/chat", "/chat?x=1", "/rooms", "/direct", "/me", "/posts/run-it-yourself"]) {
    expect(await languageOf(place, korean), place).toBe("200 ko");
    expect(await languageOf(place, { ...korean, cookie: "a=1; NEXT_LOCALE=ja" }), place).toBe("200 ja");
    expect(await languageOf(place, { ...korean, cookie: "NEXT_LOCALE=en" }), place).toBe("200 en");
    expect(await languageOf(place, {}), `${place} for a crawler`).toBe("200 en");
  }
  for (const place of ["/nowhere", "/chat/nobody-made-it"])
    expect(await languageOf(place, korean), place).toBe("404 ko");
  expect(await languageOf("/chat/post-run-it-yourself", korean)).toBe("200 ko");
  for (const [place, language] of [
    ["/ja/chat", "ja"],
    ["/en/chat", "en"],
    ["/ja", "ja"],
    ["/en", "en"],
  ])
    expect(await languageOf(place ?? "", { ...korean, cookie: "NEXT_LOCALE=ko" }), place).toBe(
      `200 ${language}`,
    );
  const { text } = await read(replica, "/posts/run-it-yourself", korean);
  expect(tagsIn(text, "link").find(({ rel }) => rel === "canonical")?.href).toBe("/ko/posts/run-it-yourself");
  expect((await read(replica, "/feed.xml", korean)).text).toContain('xml:lang="en"');
});

test("a browser does not show a page cached in one language as the page in another", async ({
  startReplica,
}) => {
  const replica = await startReplica();
  const etagOf = async (headers: Record<string, string>) =>
    (await read(replica, "/chat", headers)).headers.get("etag") ?? "";
  const english = await etagOf({ "accept-language": "en" });
  const korean = await etagOf({ "accept-language": "ko" });
  expect(english).toMatch(/^"\w+"$/);
  expect(await etagOf({})).toBe(english);
  expect(new Set([english, korean, await etagOf({ cookie: "NEXT_LOCALE=ja" })]).size).toBe(3);
});

test("the privacy page says in each language what this server keeps by its settings", async ({
  startReplica,
}) => {
  const settings = {
    HISTORY_LIMIT: "1234",
    HISTORY_BYTES: "50000",
    HISTORY_DAYS: "7",
    LOG_ADDRESSES: "true",
  };
  const replica = await startReplica({ ...settings, REDIS_URL: undefined });
  for (const [place, ...sentences] of [
    [
      "/privacy",
      "newest messages, 1,234 at most and up to 50 kB",
      "happens for 7 days",
      "accounts in memory only",
      "goes into the server’s log",
      "400 days after your last visit",
      "newest 500 reports",
      "that form is kept for 30 days",
      "What moderators keep stays for its time",
    ],
    [
      "/ko/privacy",
      "메시지 1,234개를 50kB까지",
      "7일 동안",
      "계정을 메모리에만",
      "서버 로그에 남습니다",
      "신고 500건",
    ],
    [
      "/ja/privacy",
      "1,234件、50 KBまで",
      "7日間動きのない",
      "アカウントをメモリだけ",
      "ログに残ります",
      "500件の通報",
    ],
  ] as const) {
    const { status, text } = await read(replica, place);
    expect(status, place).toBe(200);
    for (const sentence of sentences) expect(text, place).toContain(sentence);
  }
  expect((await read(replica, "/chat")).text, "no other page loads its sentences").not.toContain(
    "privacy.words",
  );
});

test("with Redis and without logged addresses the privacy page mentions neither memory nor addresses", async ({
  startReplica,
}) => {
  const { text } = await read(await startReplica(), "/privacy");
  const [main = ""] = /<main[\s\S]*<\/main>/.exec(text) ?? [];
  expect(main).toContain("happens for 30 days");
  expect(main).toContain("The server’s log has no addresses.");
  expect(main).not.toContain("accounts in memory only");
});

test("private pages and missing ones are not indexed", async ({ startReplica }) => {
  const replica = await startReplica();
  for (const place of ["/me", "/ko/me/claim", "/direct", "/nowhere"]) {
    const { text } = await read(replica, place);
    expect(metaOf(text).robots, place).toBe("noindex");
    expect(text).not.toContain('rel="canonical"');
  }
});

test("[C-6] a room's address in other letters redirects to the right one; a missing room is 404, a closed one 410", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica({ RATE_LIMITS: "off" });
  const leads = async (place: string) => {
    const { status, headers } = await read(replica, place);
    return `${status} ${headers.get("location")}`;
  };
  expect(await leads("/chat/Lobby")).toBe("308 /chat");
  expect(await leads("/ko/Chat/LOBBY")).toBe("308 /ko/chat");
  expect(await leads("/ROOMS?make=tea")).toBe("308 /rooms?make=tea");
  expect(await leads("/posts/Run-It-Yourself")).toBe("308 /posts/run-it-yourself");
  const owner = await connect({ url: replica.url });
  const statusOf = async (place: string) => (await read(replica, place)).status;
  expect(await statusOf("/chat/tea-room")).toBe(404);
  await owner.must("room:create", { room: "tea-room", title: "Tea" });
  expect(await statusOf("/chat/tea-room"), "at once, although it was missing a moment ago").toBe(200);
  expect(await leads("/chat/Tea-Room")).toBe("308 /chat/tea-room");
  for (const place of ["/chat/post-run-it-yourself", "/ko/chat/post-run-it-yourself"])
    expect(await statusOf(place)).toBe(200);
  for (const place of [
    "/chat/post-nowhere",
    "/chat/direct-nobody",
    "/chat/No%20Room",
    "/ja/chat/nobody-made-it",
  ])
    expect(await statusOf(place), place).toBe(404);
  await owner.join("tea-room");
  await owner.must("room:close", { room: "tea-room" });
  await until("the closed room", async () => (await statusOf("/chat/tea-room")) === 410);
});

test("[C-6] while the store is away a room's page is still served", async ({ startReplica, ownRedis }) => {
  const replica = await startReplica({ REDIS_URL: ownRedis.url });
  expect((await read(replica, "/chat/tea-room")).status).toBe(404);
  await ownRedis.stop();
  await until("the page", async () => (await read(replica, "/chat/tea-room")).status === 200);
  expect((await read(replica, "/sitemap.xml")).status).toBe(200);
  expect((await read(replica, "/chat/Lobby")).status).toBe(308);
});
