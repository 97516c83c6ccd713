import { axeFaults } from "../support/axe-faults";
import { expect, test } from "../support/browser-fixtures";
import { ChatPage } from "../support/chat-page";
import { DirectPage } from "../support/direct-page";

/** The site's header, on a phone and on a wide screen. */

const site = (page: ChatPage["page"]) => page.getByRole("navigation", { name: "Site" });

test("on a phone the less used links are in a menu: me, languages, theme", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const viewport = { width: 360, height: 740 };
  const { page } = await browserVisitor({ url: `${replica.url}/chat`, viewport });
  await new ChatPage(page).name();
  await expect(site(page).getByRole("link")).toHaveText(["Posts", "Chat", "Rooms", /Conversations/]);
  const menu = page.getByRole("button", { name: "Menu" });
  const you = page.locator("#site-menu").getByRole("link", { name: "Profile", exact: true });
  await expect(you).toBeHidden();
  await menu.press("Enter");
  await expect(you).toBeVisible();
  await expect(page.getByRole("button", { name: /^Theme/ })).toBeInViewport();
  expect(await axeFaults(page)).toEqual([]);
  const edges = await page.locator("#site-menu :is(a, button)").evaluateAll((items) => {
    const rows = items.filter((item) => item.previousElementSibling === null || item.matches("button"));
    return rows.map((item) => {
      const words = document.createRange();
      words.selectNodeContents(item);
      // A picture would come before the words that the style adds.
      const isBare = [...item.querySelectorAll("svg")].every((picture) => !picture.checkVisibility());
      return (
        isBare &&
        Math.round(item.textContent ? words.getBoundingClientRect().left : item.getBoundingClientRect().left)
      );
    });
  });
  expect(edges, "three rows").toHaveLength(3);
  expect(new Set(edges).size, `one edge: ${edges.join()}`).toBe(1);
  await page.keyboard.press("Escape");
  await expect(you).toBeHidden();
  await expect(menu).toBeFocused();

  await menu.click();
  await page.getByRole("link", { name: "한국어" }).click();
  await expect(page).toHaveURL(`${replica.url}/ko/chat`);
  await page.reload();
  await page.getByRole("button", { name: "메뉴" }).click();
  await page.locator("#site-menu").getByRole("link", { name: "내 정보", exact: true }).click();
  await expect(page).toHaveURL(`${replica.url}/ko/me`);
  const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(await overflow()).toBeLessThanOrEqual(0);
});

/** Runs in the page: the gaps from the site's name to the first link and between the links, measured at letters and pictures. */
function gapsInHeader(): number[] {
  const name = document.querySelector(".site-name > span");
  const edges = [name, ...document.querySelectorAll(".site-nav > a")].map((item) => {
    const words = document.createRange();
    if (item) words.selectNodeContents(item);
    return (item?.querySelector("svg") ?? words).getBoundingClientRect();
  });
  return edges.slice(1).map(({ left }, index) => left - (edges[index]?.right ?? 0));
}

for (const [width, isNarrow] of [
  [360, true],
  [1440, false],
] as const)
  test(`the link to unread conversations has the name that it shows, in each language, at ${width} px`, async ({
    startReplica,
    browserVisitor,
  }) => {
    const replica = await startReplica();
    const { page } = await browserVisitor({ url: `${replica.url}/rooms`, viewport: { width, height: 900 } });
    await page.evaluate(() => localStorage.setItem("madang:unread", "one two"));
    for (const [prefix, words, name] of [
      ["", "Conversations", /^Conversations 2 unread$/],
      ["/ko", "1:1 대화", /^1:1 대화 2 ?개 읽지 않음$/],
      ["/ja", "1対1の会話", /^1対1の会話 2 ?件未読$/],
    ] as const) {
      await page.goto(`${replica.url}${prefix}/rooms`);
      const link = page.locator(".site-nav a[href$='/direct']");
      await expect(link).toHaveAccessibleName(name);
      await expect(link.getByText(words)).toBeVisible();
      const wordsWidth = (await link.getByText(words).boundingBox())?.width ?? 0;
      expect(wordsWidth < 2, "a phone shows only the picture").toBe(isNarrow);
      const [fromName = 0, ...between] = await page.evaluate(gapsInHeader);
      expect(Math.max(...between) - Math.min(...between), `even gaps: ${between}`).toBeLessThan(1);
      expect(fromName, "the name stands apart").toBeGreaterThan(Math.max(...between) + 3);
      expect(await axeFaults(page)).toEqual([]);
    }
    const many = Array.from({ length: 1_234 }, (_, index) => index).join(" ");
    await page.evaluate((rooms) => localStorage.setItem("madang:unread", rooms), many);
    await page.goto(`${replica.url}/rooms`);
    const link = page.locator(".site-nav a[href$='/direct']");
    await expect(link).toHaveAccessibleName("Conversations 1,234 unread");
    const badge = await link.locator(".unread-badge").boundingBox();
    const menu = await page
      .locator(isNarrow ? ".site-menu-button svg" : "#site-menu a")
      .first()
      .boundingBox();
    expect((badge?.x ?? 0) + (badge?.width ?? 0), "the number covers no other link").toBeLessThan(
      menu?.x ?? 0,
    );
  });

for (const width of [768, 1440])
  test(`at ${width} px every link is in words, in each language, and nothing is cut off`, async ({
    startReplica,
    browserVisitor,
  }) => {
    const replica = await startReplica();
    const { page } = await browserVisitor({ url: `${replica.url}/rooms`, viewport: { width, height: 900 } });
    for (const [locale, words] of [
      ["", "Conversations"],
      ["/ko", "1:1 대화"],
      ["/ja", "1対1の会話"],
    ] as const) {
      await page.goto(`${replica.url}${locale}/rooms`);
      await page.evaluate(() => localStorage.setItem("madang:unread", "one two"));
      await page.reload();
      await expect(page.getByRole("banner").getByText(words, { exact: true })).toBeVisible();
      await expect(page.getByRole("banner").getByText("마당"), "the name, or the text beside it").toHaveCount(
        1,
      );
      await expect(page.locator("#site-menu").getByRole("button")).toBeInViewport({ ratio: 1 });
      await expect(page.locator(".site-menu-button")).toBeHidden();
    }
  });

for (const width of [360, 1440])
  test(`a conversation leads back to the room that the visitor came from, at ${width} px`, async ({
    startReplica,
    browserVisitor,
    connect,
  }) => {
    const replica = await startReplica();
    const friend = await connect({ url: replica.url });
    const { room } = await friend.must("room:create", { title: "Tea & cake" });
    await friend.join(room.id);
    const url = `${replica.url}/chat/${room.id}`;
    const { page } = await browserVisitor({ url, viewport: { width, height: 800 } });
    const chat = new DirectPage(page);
    await chat.name();
    if (width < 500) await page.getByRole("button", { name: /here now/ }).click();
    await page.getByRole("link", { name: /^Message .* privately$/ }).click();
    await expect(page).toHaveURL(/\/direct\//);
    const back = page.getByRole("link", { name: "Back to Tea & cake" });
    await page.reload();
    await back.click();
    await expect(page).toHaveURL(url);
    await chat.name();

    const { page: other } = await browserVisitor({
      url: `${replica.url}/direct/${friend.id}`,
      viewport: { width, height: 800 },
    });
    await other.getByRole("link", { name: "All conversations" }).click();
    await expect(other.getByRole("heading", { name: "Conversations", level: 1 })).toBeVisible();
  });
