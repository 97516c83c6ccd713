import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "../support/browser-fixtures";
import { ChatPage } from "../support/chat-page";

const buildFolder = path.resolve(process.env.MADANG_BUILD || ".");

async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}

test("fault 9: no file that a browser loads mentions the store or a server's setting", async () => {
  const files = (await filesUnder(path.join(buildFolder, ".next/static"))).filter((file) =>
    /\.(js|css|json|map)$/.test(file),
  );
  expect(files.length).toBeGreaterThan(5);
  for (const file of files) {
    const text = await readFile(file, "utf8");
    expect(text, file).not.toMatch(/redis|SESSION_SECRET|ALLOWED_ORIGINS|TRUST_PROXY|NEXT_PUBLIC_/i);
  }
});

const places = [
  "/",
  "/chat",
  "/rooms",
  "/chat/nobody-made-it",
  "/direct",
  "/direct/0123456789abcdef",
  "/me",
  "/me/claim",
];

test("every page obeys its strict policy in every language, without a console error", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const { page, expectComplaint } = await browserVisitor({ url: `${replica.url}/` });
  expectComplaint(/404/);
  const posts = await page
    .getByRole("main")
    .getByRole("link")
    .evaluateAll((links) =>
      links
        .map((link) => new URL((link as HTMLAnchorElement).href).pathname)
        .filter((name) => name.startsWith("/posts/")),
    );
  expect(new Set(posts).size).toBeGreaterThanOrEqual(3);
  for (const locale of ["", "/ko", "/ja"])
    for (const place of [...places, ...new Set(posts)]) {
      const response = await page.goto(`${replica.url}${locale}${place}`);
      const status = place === "/chat/nobody-made-it" ? 404 : 200;
      expect(response?.status(), `${locale}${place}`).toBe(status);
      const headers = response?.headers() ?? {};
      const policy = headers["content-security-policy"] ?? "";
      expect(policy).toContain("script-src 'self'");
      expect(policy).not.toContain("unsafe");
      expect(headers["x-content-type-options"]).toBe("nosniff");
      expect(headers["x-powered-by"]).toBeUndefined();
      expect(await page.locator("html").getAttribute("lang")).toBe(locale.slice(1) || "en");
      const html = (await response?.text()) ?? "";
      expect(html, place).not.toMatch(/<[a-z][^>]*\sstyle=/);
      expect(html.match(/<script(?![^>]*\ssrc=)[^>]*>/g), place).toEqual([
        '<script id="__NEXT_DATA__" type="application/json">',
      ]);
    }
});

for (const { locale, joined, script } of [
  { locale: "ko", joined: "내가 입장했습니다", script: /\p{Script=Hangul}/u },
  {
    locale: "ja",
    joined: "あなたが入室しました",
    script: /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u,
  },
])
  test(`[ID-3] the chat in ${locale}: its words, and a name in its script`, async ({
    startReplica,
    browserVisitor,
    connect,
  }) => {
    const replica = await startReplica();
    const { page } = await browserVisitor({ url: `${replica.url}/${locale}/chat`, locale });
    const feed = page.getByRole("log");
    await expect(feed).toContainText(joined);
    const visitor = await connect({ url: replica.url });
    const { members } = await visitor.join("lobby");
    const own = members.find(({ id }) => id !== visitor.id)?.name ?? "";
    expect(own).toMatch(script);
    await expect(page.getByText(own).first()).toBeVisible();
  });

test("back and forward keep the language of a page that was opened without one", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const { page } = await browserVisitor({ url: `${replica.url}/rooms`, locale: "ko-KR" });
  await expect(page.locator("html")).toHaveAttribute("lang", "ko");
  await page.evaluate(() => {
    location.hash = "main";
  });
  await expect(page).toHaveURL(/#main$/);
  await page.getByRole("link", { name: "내 정보" }).first().click();
  await expect(page).toHaveURL(/\/ko\/me$/);
  await page.goBack();
  await expect(page).toHaveURL(/\/rooms#main$/);
  await expect(page.getByRole("heading", { level: 1, name: "대화방" })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "ko");
});

test("the language of the browser decides on the first visit of the front page, and the switch changes it", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const { page } = await browserVisitor({ url: `${replica.url}/`, locale: "ko" });
  await expect(page).toHaveURL(/\/ko$/);
  await page
    .getByRole("link", { name: "日本語" })
    .or(page.getByRole("button", { name: "日本語" }))
    .first()
    .click();
  await expect(page).toHaveURL(/\/ja$/);
  await expect(page.locator("html")).toHaveAttribute("lang", "ja");
});

test("a Korean browser that opens the chat without a language gets it in Korean at once; a chosen language is kept", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const { page } = await browserVisitor({ url: "about:blank", locale: "ko-KR" });
  const documents: string[] = [];
  page.on("request", (request) => {
    if (request.resourceType() === "document") documents.push(new URL(request.url()).pathname);
  });
  await page.goto(`${replica.url}/chat`);
  await expect(page.getByRole("log")).toContainText("내가 입장했습니다");
  await expect(page).toHaveURL(/\/ko\/chat$/);
  expect(documents, "the page is loaded only once").toEqual(["/chat"]);
  await page.getByRole("link", { name: "English" }).click();
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await page.goto(`${replica.url}/chat`);
  await expect(page.getByText(/^You are /)).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
});

test("a page without a language is in the reader's language even without JavaScript, and when going back and forth", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const still = await browserVisitor({ url: `${replica.url}/rooms`, locale: "ja", javaScriptEnabled: false });
  await expect(still.page.locator("html")).toHaveAttribute("lang", "ja");
  await still.page.getByRole("link", { name: "English" }).click();
  for (const name of ["Chat", "Posts"]) {
    await still.page.getByRole("navigation", { name: "Site" }).getByRole("link", { name }).click();
    await expect(still.page, "without scripts the choice is not kept").toHaveURL(
      name === "Chat" ? /\/en\/chat$/ : /\/en$/,
    );
    await expect(still.page.locator("html")).toHaveAttribute("lang", "en");
  }
  const { page } = await browserVisitor({ url: `${replica.url}/chat/post-run-it-yourself`, locale: "ko" });
  const chat = page.getByRole("navigation", { name: "사이트" }).getByRole("link", { name: "채팅" });
  await chat.click();
  await expect(page).toHaveURL(/\/ko\/chat$/);
  await page.goBack();
  await expect(page).toHaveURL(/post-run-it-yourself$/);
  await expect(page.locator("html")).toHaveAttribute("lang", "ko");
  await expect(chat).toBeVisible();
});

test("a missing page says so, and paths of the socket still belong to the socket", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const visitor = await browserVisitor({ url: `${replica.url}/chat` });
  await new ChatPage(visitor.page).name();
  visitor.expectComplaint(/404/);
  const response = await visitor.page.goto(`${replica.url}/nowhere`);
  expect(response?.status()).toBe(404);
  await expect(visitor.page.getByRole("main")).toContainText("nothing at this address");
});

for (const { place, says } of [
  { place: "/chat", says: /live chat.*needs JavaScript/ },
  { place: "/me", says: /who you are in the live chat.*needs JavaScript/ },
  { place: "/me/claim", says: /who you are in the live chat.*needs JavaScript/ },
])
  test(`without JavaScript ${place} explains itself and why it needs JavaScript`, async ({
    startReplica,
    browserVisitor,
  }) => {
    const replica = await startReplica();
    const { page } = await browserVisitor({ url: `${replica.url}${place}`, javaScriptEnabled: false });
    const note = page.locator("main noscript p");
    await expect(note).toBeVisible();
    await expect(note).toHaveText(says);
  });

test("without JavaScript the page offers nothing that needs it, and its note is where the page's text would be", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const { page, expectComplaint } = await browserVisitor({ url: "about:blank", javaScriptEnabled: false });
  expectComplaint(/404/);
  for (const language of ["", "/ko", "/ja"])
    for (const place of [...places, "/posts/run-it-yourself"]) {
      await page.goto(`${replica.url}${language}${place}`);
      const idle = page.locator("button, textarea, input, [class*=skeleton-line], .row-skeleton");
      await expect(idle.filter({ visible: true }), `${language}${place}`).toHaveCount(0);
      if (place !== "/" && !place.startsWith("/posts/"))
        await expect(page.locator("main noscript p"), `${language}${place}`).toBeVisible();
    }
  const left = (selector: string) =>
    page
      .locator(selector)
      .evaluate(
        (box) => box.getBoundingClientRect().left + Number.parseFloat(getComputedStyle(box).paddingLeft),
      );
  for (const place of ["/rooms", "/chat"]) {
    await page.goto(replica.url + place);
    expect(await left("main noscript p"), place).toBe(await left("main h1"));
  }
});

test("links within the site carry the reader's language, even without JavaScript", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const { page } = await browserVisitor({ url: `${replica.url}/ko`, javaScriptEnabled: false });
  const addresses = await page
    .getByRole("banner")
    .getByRole("link")
    .evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  expect(addresses).toEqual(expect.arrayContaining(["/ko", "/ko/chat", "/ko/rooms", "/en", "/ja"]));
  expect(addresses.filter((address) => /.\/$/.test(address ?? ""))).toEqual([]);
});

test("a page's canonical address disappears when another page takes its place", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const { page } = await browserVisitor({ url: `${replica.url}/posts/run-it-yourself` });
  const canonical = page.locator("link[rel=canonical]");
  await expect(canonical).toHaveAttribute("href", "/posts/run-it-yourself");
  await page.getByRole("navigation", { name: "More posts" }).getByRole("link").first().click();
  await expect(page).not.toHaveURL(/run-it-yourself/);
  await expect(canonical).toHaveCount(0);
  await expect(page.locator("meta[property='og:title'], link[hreflang]:not(nav *)")).toHaveCount(0);
  await page.reload();
  await expect(canonical).toHaveAttribute("href", new URL(page.url()).pathname);
});
