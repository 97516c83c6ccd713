import type { Page } from "@playwright/test";
import { expect, test } from "../support/browser-fixtures";
import { lostConnection } from "../support/browser-visitor";
import { ChatPage } from "../support/chat-page";
import { letTalk } from "../support/listed-room";

/** An extension removes elements from the page: the part that fails says so in its place, and no written text is lost. */

const failure = /NotFoundError|not a child|error boundary/i;

const languages = [
  { prefix: "", title: "Something went wrong on this page", reload: "Reload" },
  { prefix: "/ko", title: "페이지에 문제가 생겼습니다", reload: "새로고침" },
  { prefix: "/ja", title: "ページで問題が発生しました", reload: "再読み込み" },
];

/** Removes elements that React will try to remove itself, and fail. */
const take = (page: Page, selector: string): Promise<void> =>
  page.evaluate((wanted) => {
    for (const element of document.querySelectorAll(wanted)) element.remove();
  }, selector);

for (const { prefix, title, reload } of languages)
  test(`a room that fails offers to reload, and keeps draft and outbox, at ${prefix || "/en"}`, async ({
    startReplica,
    startFront,
    browserVisitor,
    connect,
  }) => {
    const replica = await startReplica();
    const front = await startFront([replica.port]);
    const guest = await connect({ url: replica.url });
    await guest.must("room:join", { room: "lobby", name: "A guest" });
    const visitor = await browserVisitor({ url: `${front.url}${prefix}/chat`, locale: "en-US" });
    const { page } = visitor;
    visitor.expectComplaint(failure);
    visitor.expectComplaint(lostConnection);
    const box = page.locator("textarea");
    await expect(page.locator(".name-button")).toBeVisible();
    await guest.must("typing:set", { room: "lobby", typing: true });
    await expect(page.locator(".typing-line .member-name")).toHaveText("A guest");
    await take(page, ".typing-line .sentence");
    front.blackHole();
    await box.fill("sent into the dark");
    await box.press("Enter");
    await box.fill("half a th");
    front.heal();
    front.cut();
    const alert = page.getByRole("alert").filter({ hasText: title });
    await expect(alert).toBeVisible();
    await expect(page.locator("header"), "the rest of the page still works").toBeVisible();
    await alert.getByRole("button", { name: reload }).click();
    await expect(box).toHaveValue("half a th");
    await expect(page.getByRole("log").getByText("sent into the dark")).toHaveCount(1);
    await guest.entry("lobby", (entry) => entry.kind === "message" && entry.text === "sent into the dark");
  });

test("a page that fails offers to reload, and going back works, too", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const guest = await connect({ url: replica.url });
  await guest.join("lobby");
  const { room } = await guest.must("room:create", { title: "Short" });
  await letTalk(connect, replica.url, room.id);
  await guest.join(room.id);
  const visitor = await browserVisitor({ url: `${replica.url}/chat` });
  const { page } = visitor;
  visitor.expectComplaint(failure);
  const chat = new ChatPage(page);
  await chat.name();
  await chat.box.fill("not lost");
  await page.getByRole("link", { name: "Rooms", exact: true }).click();
  const row = page.getByRole("listitem").filter({ hasText: "Short" });
  await expect(row).toBeVisible();
  await take(page, ".rooms li");
  await guest.must("room:close", { room: room.id });
  const button = page.getByRole("button", { name: "Reload" });
  await expect(button).toBeVisible();
  await page.goBack();
  await expect(chat.box).toHaveValue("not lost");
  await page.goForward();
  await expect(page.getByRole("list", { name: "Open now" })).toBeVisible();
  await take(page, ".rooms li");
  const { room: another } = await guest.must("room:create", { title: "Another" });
  // This room has more members than the lobby when it is first listed, so it comes before the removed row.
  await guest.join(another.id);
  for (let index = 0; index < 4; index += 1) await (await connect({ url: replica.url })).join(another.id);
  await letTalk(connect, replica.url, another.id);
  await button.click();
  await expect(page.getByRole("link", { name: "Another" })).toBeVisible();
});
