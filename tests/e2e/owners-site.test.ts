import { readdir } from "node:fs/promises";
import path from "node:path";
import { faultsOfBothThemes } from "../support/axe-faults";
import { expect, test } from "../support/browser-fixtures";
import { ownersBuild } from "../support/owners-build";
import type { Replica } from "../support/replica";

/** A build with a fresh owner's folder: tests/support/owners-folder. */

test.describe.configure({ mode: "serial" });
// The build takes a minute unless an earlier run has made it.
test.slow();

const english = { "accept-language": "en-US,en;q=0.9" };

async function read(replica: Replica, place: string) {
  const answer = await replica.get(place, { headers: english, redirect: "manual" });
  return { status: answer.status, type: answer.headers.get("content-type"), text: await answer.text() };
}

test("a folder in Korean alone makes a whole site, at addresses without a language, for readers of any language", async ({
  startReplica,
}) => {
  // SITE_DIR of the running server does not matter: the build contains the folder.
  const replica = await startReplica({ MADANG_BUILD: await ownersBuild(), SITE_DIR: "/nowhere" });
  const post = `/posts/${encodeURIComponent("첫-글")}`;
  for (const place of ["/", "/chat", "/rooms", "/privacy", "/me", "/posts/second", post]) {
    const { status, text } = await read(replica, place);
    expect(status, place).toBe(200);
    expect(text, place).toContain('<html lang="ko">');
    expect(text, place).toMatch(/<title[^>]*>[^<]*나무의 블로그<\/title>/);
    expect(text, `${place} names no translation`).not.toContain("hrefLang");
    expect(text, `${place} is the owner's`).not.toMatch(/Madang|마당으로/);
  }
  expect((await read(replica, post)).text).toContain(
    `<link rel="canonical" href="https://namu.example${post}"`,
  );
  const chat = (await read(replica, "/chat")).text;
  expect(chat, "a page has nothing of site.json except what it shows").not.toMatch(
    /운영합니다|숲에서|imprint/,
  );
  for (const place of ["/en", "/en/chat", "/ja/posts/second", "/posts/unfinished", "/chat/post-unfinished"])
    expect((await read(replica, place)).status, place).toBe(404);
  expect((await read(replica, "/chat/post-second")).status).toBe(200);
});

test("the owner's posts are in the sitemap and the feed, without the draft, and the files have their addresses", async ({
  startReplica,
}) => {
  const replica = await startReplica({ MADANG_BUILD: await ownersBuild() });
  const sitemap = (await read(replica, "/sitemap.xml")).text;
  const places = [...sitemap.matchAll(/<loc>https:\/\/namu\.example(.*?)<\/loc>/g)].map(([, place]) => place);
  const posts = ["/posts/second", `/posts/${encodeURIComponent("첫-글")}`];
  expect(places).toEqual(["/", "/chat", "/rooms", "/privacy", ...posts]);
  const feed = (await read(replica, "/feed.xml")).text;
  expect(feed).toContain("<title>나무의 블로그</title>");
  expect([...feed.matchAll(/<entry.*?<title>(.*?)<\/title>/g)].map(([, title]) => title)).toEqual([
    "둘째 글",
    "첫 글",
  ]);
  expect(feed).toContain('<category term="가을"/>');
  const manifest = JSON.parse((await read(replica, "/manifest.webmanifest")).text);
  expect(manifest).toMatchObject({ name: "나무의 블로그", lang: "ko", start_url: "/chat" });
  expect(manifest.icons.map(({ src }: { src: string }) => src)).toEqual(["/tree.svg"]);
  expect(await read(replica, "/namu.vcf")).toMatchObject({ status: 200, text: "나무\n" });
  expect((await read(replica, "/theme.js")).status, "the program's own files stay").toBe(200);
});

test("a build contains the files that the server needs, and nothing that visitors have said", async () => {
  const inside = await readdir(path.join(await ownersBuild(), ".next/standalone"));
  const programs = ["before-next.mjs", "doctor.mjs", "package.json", "server.js", "store.mjs"];
  expect(inside.sort()).toEqual([".next", "node_modules", "public", "server", "site", ...programs].sort());
});

test("the owner's colour is readable in both themes, and the header is the owner's, on a phone too", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica({ MADANG_BUILD: await ownersBuild() });
  const { page } = await browserVisitor({ url: `${replica.url}/`, locale: "en" });
  await expect(page.getByRole("heading", { level: 1, name: "나무의 블로그" })).toBeVisible();
  await expect(page.getByRole("navigation", { name: "언어" }), "there is only one language").toHaveCount(0);
  const header = page.getByRole("banner");
  await expect(header.locator("img")).toBeVisible();
  await expect(header.getByRole("link", { name: "사진" })).toHaveAttribute("href", "https://photos.example");
  for (const [width, height] of [
    [360, 740],
    [1280, 900],
  ] as const) {
    await page.setViewportSize({ width, height });
    for (const place of ["/", "/posts/second", `/posts/${encodeURIComponent("첫-글")}`, "/privacy"]) {
      await page.goto(`${replica.url}${place}`);
      expect(await faultsOfBothThemes(page), `${place} at ${width}`).toEqual([]);
    }
  }
  const picture = page.getByRole("img", { name: "나무 그림" });
  await page.goto(`${replica.url}/posts/${encodeURIComponent("첫-글")}`);
  await expect(picture).toHaveAttribute("width", "320");
  await page.goto(`${replica.url}/chat`);
  await page.locator("main textarea").fill("안녕하세요");
  await page.locator("main textarea").press("Enter");
  await expect(page.getByRole("log")).toContainText("안녕하세요");
  expect(await faultsOfBothThemes(page), "own messages").toEqual([]);
});
