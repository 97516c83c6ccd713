import { askAccount } from "../support/account-client";
import { expect, test } from "../support/browser-fixtures";
import { ChatPage } from "../support/chat-page";
import { lookOutFor } from "../support/look-out";
import { MePage, openTab } from "../support/me-page";
import { readQr } from "../support/read-qr";
import type { Replica } from "../support/replica";
import { stopClock } from "../support/stop-clock";

/** One visitor on two devices, by a link. Each browser is a device, and each replica has its own address. */

const membersOf = ({ page }: ChatPage) => page.getByRole("list", { name: "Members" }).getByRole("listitem");

const isOwn = (chat: ChatPage, text: string) =>
  chat.feed.getByRole("listitem").filter({ hasText: text }).and(chat.page.locator(".message-own"));

test("[H-3] a link makes two devices one member, and both write and read under its name; a second claim is refused kindly", async ({
  startReplicas,
  browserVisitor,
}) => {
  const [one, two] = (await startReplicas(2)) as [Replica, Replica];
  const watcher = new ChatPage((await browserVisitor({ url: `${two.url}/chat` })).page);
  await watcher.name();
  const desk = new ChatPage((await browserVisitor({ url: `${one.url}/chat` })).page);
  const name = await desk.name();
  await desk.say("from the desk");
  const me = new MePage(await openTab(desk.page, `${one.url}/me`));
  const code = await me.makeCode();

  // The other device has its own visitor, in an open tab with a half-written message.
  const phone = new ChatPage((await browserVisitor({ url: `${two.url}/chat` })).page);
  const before = await phone.name();
  expect(before).not.toBe(name);
  await phone.box.fill("half a thought of another visitor");
  const claim = await openTab(phone.page, `${two.url}/me/claim#${code}`);
  await expect(claim.getByRole("textbox", { name: "Code from the other device" })).toHaveValue(code);
  await expect(claim.getByText("You won’t be able to go back")).toBeVisible();
  await claim.getByRole("button", { name: "Move it here" }).click();

  await expect(claim).toHaveURL(`${two.url}/chat`);
  await expect(me.page.getByText("This link has been used"), "on the page that showed it").toBeVisible({
    timeout: 30_000,
  });
  await expect(me.page.getByRole("img", { name: "QR code of the link" })).toHaveCount(0);
  expect(await new ChatPage(claim).name()).toBe(name);
  await expect(phone.page.getByText(`You are ${name}`)).toBeVisible();
  await expect(phone.box).toHaveValue("");
  await watcher.notice(`${before} left`);
  for (const chat of [watcher, desk, phone]) await expect(membersOf(chat)).toHaveCount(2);
  await expect(watcher.feed.getByText(`${name} joined`), "it has been a member all the time").toHaveCount(1);

  await phone.say("from the phone");
  await watcher.say("to both of you");
  for (const chat of [desk, phone]) {
    for (const text of ["from the desk", "from the phone"]) await expect(isOwn(chat, text)).toBeVisible();
    await expect(chat.message("to both of you")).toBeVisible();
    await expect(isOwn(chat, "to both of you")).toHaveCount(0);
  }

  const late = await browserVisitor({ url: `${one.url}/me/claim` });
  late.expectComplaint(/410/);
  await late.page.getByRole("textbox").fill(code.toLowerCase().replaceAll("-", " "));
  await late.page.getByRole("button", { name: "Move it here" }).click();
  await expect(late.page.getByRole("textbox")).toHaveAccessibleDescription(/has expired/);
  await expect(late.page).toHaveURL(`${one.url}/me/claim`);
});

for (const colorScheme of ["light", "dark"] as const)
  test(`the picture decodes to the link that is shown and copied, ${colorScheme}, on a phone's screen`, async ({
    startReplica,
    browserVisitor,
  }) => {
    const replica = await startReplica();
    const { page } = await browserVisitor({
      url: `${replica.url}/me`,
      colorScheme,
      viewport: { width: 360, height: 740 },
      permissions: ["clipboard-read", "clipboard-write"],
    });
    const me = new MePage(page);
    const link = `${replica.url}/me/claim#${await me.makeCode()}`;
    await expect(page.getByText(link)).toBeVisible();
    expect(await readQr(page.getByRole("img", { name: "QR code of the link" }))).toBe(link);
    const copied = await lookOutFor(page, "Link copied");
    await me.button("Copy the link").click();
    await copied();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link);
    await expect(page.getByText("Works once, expires in 10 minutes")).toBeVisible();
  });

test("the page counts down the link's time with a wrong clock, too; at the end it says so and offers another", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const { page } = await browserVisitor({ url: "about:blank" });
  await page.clock.install({ time: Date.now() - 3 * 3_600_000 });
  await page.goto(`${replica.url}/me`);
  const me = new MePage(page);
  const code = await me.makeCode();
  await stopClock(page);
  await page.clock.fastForward("03:30");
  await expect(page.getByText("Works once, expires in 7 minutes")).toBeVisible();
  await page.clock.fastForward("05:59");
  await expect(page.getByText("Works once, expires in 1 minute", { exact: true })).toBeVisible();
  await page.clock.fastForward("00:32");
  await expect(page.getByText("This link has expired")).toBeVisible();
  await expect(page.getByRole("img", { name: "QR code of the link" })).toHaveCount(0);
  await page.clock.resume();
  expect(await me.makeCode()).not.toBe(code);
});

test("an incomplete code is explained without a request; after too many wrong ones the page says when to try again", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica({ RATE_LIMITS: "on" });
  const visitor = await browserVisitor({ url: `${replica.url}/me/claim` });
  const { page } = visitor;
  const field = page.getByRole("textbox");
  await field.fill("K7QM-34XA");
  await field.press("Enter");
  await expect(field).toHaveAccessibleDescription("A code has 16 letters and digits, in four groups.");
  visitor.expectComplaint(/429/);
  const tryAnother = async () => (await askAccount(replica.url, "claim", { body: { code: "wrong" } })).status;
  await expect.poll(tryAnother, { intervals: [0] }).toBe(429);
  await field.fill("K7QM-34XA-K7QM-34XA");
  await field.press("Enter");
  await expect(field).toHaveAccessibleDescription(/Too many attempts. Try again in \d+ minutes/);
});

test("a link keeps its code when the page changes to the reader's language, or to one that the reader chooses", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const code = "K7QM-34XA-K7QM-34XA";
  const { page } = await browserVisitor({ url: `${replica.url}/me/claim#${code}`, locale: "ko-KR" });
  await expect(page).toHaveURL(`${replica.url}/ko/me/claim#${code}`);
  await expect(page.getByRole("textbox", { name: "다른 기기에 표시된 코드" })).toHaveValue(code);
  await page.getByRole("link", { name: "日本語" }).click();
  await expect(page.getByRole("textbox", { name: "別の端末に表示されたコード" })).toHaveValue(code);
  await page.goto(`${replica.url}/ja/me/claim#${code.toLowerCase()}`);
  await expect(page.getByRole("textbox")).toHaveValue(code.toLowerCase());
});
