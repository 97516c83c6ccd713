import { askAccount } from "../support/account-client";
import { expect, test } from "../support/browser-fixtures";
import { ChatPage } from "../support/chat-page";
import { lookOutFor } from "../support/look-out";
import { MePage, openTab } from "../support/me-page";
import type { Replica } from "../support/replica";

/** Accounts, which visitors may make. */

const password = "correct horse battery staple";

test("[H-4] signing up on one device and logging in on another gives the same visitor; logging out makes both new ones", async ({
  startReplicas,
  browserVisitor,
}) => {
  const [one, two] = (await startReplicas(2)) as [Replica, Replica];
  const desk = new ChatPage((await browserVisitor({ url: `${one.url}/chat` })).page);
  const name = await desk.name();
  await desk.box.fill("half a thought");
  const deskMe = new MePage(await openTab(desk.page, `${one.url}/me`));
  const id = await deskMe.id();
  await deskMe.send("Sign up", "Otter", password);
  await expect(deskMe.note).toHaveText(/You have an account now/);
  await expect(deskMe.note).toBeFocused();
  await expect(deskMe.page.getByText("Your handle is otter")).toBeVisible();
  expect(await deskMe.id()).toBe(id);
  await expect(desk.box, "the chat is unchanged").toHaveValue("half a thought");

  const phoneVisitor = await browserVisitor({ url: `${two.url}/chat` });
  const phone = new ChatPage(phoneVisitor.page);
  const before = await phone.name();
  const phoneMe = new MePage(await openTab(phone.page, `${two.url}/me`));
  await phoneMe.id();
  await phoneMe.send("Log in", "otter", password);
  await expect(phoneMe.note).toHaveText(/You’re logged in/);
  expect(await phoneMe.id()).toBe(id);
  await expect(phone.page.getByText(`You are ${name}`)).toBeVisible();
  await desk.notice(`${before} left`);

  await phoneMe.button("Log out").click();
  await expect(phoneMe.button("Cancel")).toBeFocused();
  await phoneMe.page.keyboard.press("Enter");
  await expect(phoneMe.button("Log out")).toBeFocused();
  await phoneMe.button("Log out").click();
  await phoneMe.button("Log out").click();
  await expect(phoneMe.note).toHaveText(/logged out on all devices/);
  const after = await phoneMe.id();
  expect(after).not.toBe(id);
  for (const chat of [phone, desk]) {
    await expect(chat.page.getByText(/^You are /)).not.toContainText(name);
    await chat.say(`hello again from ${await chat.name()}`);
  }
  await expect(phone.message(`hello again from ${await desk.name()}`)).toBeVisible();
  expect(await phone.name()).not.toBe(await desk.name());

  await deskMe.page.bringToFront();
  await deskMe.page.reload();
  expect(await deskMe.id(), "the desk is now a new visitor").not.toBe(after);
  await deskMe.send("Log in", "otter", password);
  await expect(deskMe.note).toHaveText(/You’re logged in/);
  expect(await deskMe.id()).toBe(id);
  await expect(desk.page.getByText(`You are ${name}`), "the same name as before").toBeVisible();
});

test("[H-4] deleting an account deletes its visitor, too, and frees its handle", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const visitor = await browserVisitor({ url: `${replica.url}/me` });
  const me = new MePage(visitor.page);
  const id = await me.id();
  await me.send("Sign up", "otter", password);
  await expect(me.note).toBeVisible();
  await me.button("Delete the account").click();
  await me.button("Delete it").click();
  await expect(me.note).toHaveText(/Your account has been deleted/);
  expect(await me.id()).not.toBe(id);
  visitor.expectComplaint(/403/);
  await me.send("Log in", "otter", password);
  await expect(me.page.getByLabel("Password")).toHaveAccessibleDescription("Wrong handle or password.");
  await me.button("Cancel").click();
  await expect(me.button("Log in")).toBeFocused();
  await me.send("Sign up", "otter", password);
  await expect(me.note).toHaveText(/You have an account now/);
});

test("[H-4] a mistake is explained beside its field, before and after the request, and the field has the focus", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const first = new MePage((await browserVisitor({ url: `${replica.url}/me` })).page);
  await first.send("Sign up", "otter", password);
  await expect(first.note).toBeVisible();
  const visitor = await browserVisitor({ url: `${replica.url}/me` });
  visitor.expectComplaint(/409|400/);
  const me = new MePage(visitor.page);
  await me.id();
  const handle = me.page.getByRole("textbox", { name: "Handle" });
  const secret = me.page.getByLabel("Password");
  await me.button("Sign up").click();
  await expect(handle).toBeFocused();
  await expect(handle).toHaveAttribute("autocomplete", "username");
  await expect(secret).toHaveAttribute("autocomplete", "new-password");
  await expect(secret).toHaveAccessibleDescription(/At least 10 characters/);
  for (const { typed, says, at = handle } of [
    { typed: ["ab", password], says: "A handle has 3–32 characters." },
    { typed: ["ot ter", password], says: /Use only letters, digits/ },
    { typed: ["OTTER", password], says: /Someone already has this handle/ },
    { typed: ["admin", password], says: /This handle can’t be used/ },
    { typed: ["beaver", "too short"], says: "At least 10 characters, please.", at: secret },
    { typed: ["beaver", "x".repeat(1_025)], says: "This password is too long.", at: secret },
  ]) {
    await me.send("Sign up", typed[0] ?? "", typed[1] ?? "");
    await expect(at).toHaveAccessibleDescription(says);
    await expect(at).toBeFocused();
    await expect(at).toHaveAttribute("aria-invalid", "true");
  }
  await me.send("Sign up", "beaver", password);
  await expect(me.note).toBeVisible();
});

test("[H-5] too many wrong passwords say when to try again", async ({ startReplica, browserVisitor }) => {
  const replica = await startReplica({ RATE_LIMITS: "on" });
  const visitor = await browserVisitor({ url: `${replica.url}/me` });
  visitor.expectComplaint(/429/);
  const me = new MePage(visitor.page);
  await me.id();
  await me.button("Log in").click();
  await expect(me.page.getByLabel("Password")).toHaveAttribute("autocomplete", "current-password");
  await me.page.getByRole("textbox", { name: "Handle" }).fill("nobody");
  await me.page.getByLabel("Password").fill("a wrong password");
  const body = { handle: "nobody", password: "another wrong password" };
  const tryAnother = async () => (await askAccount(replica.url, "log-in", { body })).status;
  await expect.poll(tryAnother, { intervals: [0] }).toBe(429);
  await me.button("Log in").click();
  await expect(me.page.getByText(/Too many attempts. Try again in \d+ minutes/)).toBeVisible();
});

test("[H-4] with the embedded broker the page says that accounts end with the server; with a store it does not", async ({
  startReplica,
  browserVisitor,
}) => {
  const passing = /lost when it restarts/;
  for (const { environment, count } of [
    { environment: { REDIS_URL: undefined, SESSION_SECRET: undefined }, count: 1 },
    { environment: {}, count: 0 },
  ]) {
    const replica = await startReplica(environment);
    const me = new MePage((await browserVisitor({ url: `${replica.url}/me` })).page);
    await me.id();
    await expect(me.page.getByRole("heading", { name: "An account, if you like" })).toBeVisible();
    await expect(me.page.getByText(passing)).toHaveCount(count);
  }
});

test("the page /me shows the visitor's name in its last room, and none for a visitor that has entered no room", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const { page } = await browserVisitor({ url: `${replica.url}/me` });
  const name = page.locator(".who .own-id").first();
  await expect(name).toHaveText("Your nameYou get one when you enter the chat.");
  await page.goto(`${replica.url}/chat`);
  const own = await new ChatPage(page).name();
  await page.goto(`${replica.url}/me`);
  await expect(name).toHaveText(`Your name${own}`);
  await expect(page.getByText("Your name can differ from room to room.")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Profile");
  await page.getByRole("button", { name: "Forget me" }).click();
  await page.getByRole("button", { name: "Forget me for good" }).click();
  await expect(page.locator(".change-note")).toBeVisible();
  await expect(name, "another visitor has no name yet").not.toContainText(own);
});

test("the id can be copied, and the page takes exactly the place of its skeleton", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const { page } = await browserVisitor({
    url: "about:blank",
    viewport: { width: 360, height: 740 },
    permissions: ["clipboard-read", "clipboard-write"],
  });
  await page.goto(`${replica.url}/me`);
  const me = new MePage(page);
  const id = await me.id();
  const shift = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let sum = 0;
        new PerformanceObserver((seen) => {
          for (const entry of seen.getEntries()) sum += (entry as unknown as { value: number }).value;
        }).observe({ type: "layout-shift", buffered: true });
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(sum)));
      }),
  );
  expect(shift).toBeLessThan(0.01);
  const copied = await lookOutFor(page, "ID copied");
  await me.button("Copy your ID").click();
  await copied();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(id);
});

test("the front page and the list of members lead to the page /me", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const { page } = await browserVisitor({ url: `${replica.url}/`, viewport: { width: 360, height: 740 } });
  await page.getByRole("link", { name: "Who am I here?" }).click();
  const me = new MePage(page);
  const id = await me.id();
  await page.getByRole("navigation", { name: "Site" }).getByRole("link", { name: "Chat" }).click();
  await new ChatPage(page).name();
  await page.getByRole("button", { name: "1 here now" }).click();
  await page.getByRole("dialog").getByRole("link", { name: "you" }).click();
  expect(await me.id(), "the chat had the same visitor").toBe(id);
});

test("[H-6] on a phone the visitor can list devices, end one, and change the password, which deleting asks for again", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const visitor = await browserVisitor({ url: `${replica.url}/me`, viewport: { width: 360, height: 740 } });
  const me = new MePage(visitor.page);
  const { page } = me;
  await me.send("Sign up", "otter", password);
  await expect(me.note).toBeVisible();
  const devices = page.getByRole("region", { name: "Where you’re logged in" }).getByRole("listitem");
  await expect(devices).toHaveText([/This device$/]);

  const other = await askAccount(replica.url, "log-in", { body: { handle: "otter", password } });
  expect(other.status).toBe(200);
  const token = String(other.body.token);
  await page.reload();
  await expect(devices).toHaveCount(2);
  await expect(devices.filter({ hasText: "Unknown device" })).toHaveText(/Used just now/);
  await me.button("Log out there").click();
  await me.button("Log out there").click();
  await expect(devices).toHaveCount(1);
  expect((await askAccount(replica.url, "status", { token })).status).toBe(401);

  visitor.expectComplaint(/403|400/);
  await me.button("Change password").click();
  const present = page.getByLabel("Current password");
  await expect(present).toBeFocused();
  await expect(page.getByRole("checkbox", { name: "Log out my other devices" })).toBeChecked();
  for (const [typed, chosen, field, says] of [
    [password, "Password123", "New password", /easy to guess/],
    ["not my password", "the river runs cold", "Current password", "That’s not your password."],
  ] as const) {
    await present.fill(typed);
    await page.getByLabel("New password").fill(chosen);
    await me.button("Change password").click();
    await expect(page.getByLabel(field)).toHaveAccessibleDescription(says);
    await expect(page.getByLabel(field)).toBeFocused();
  }
  await present.fill(password);
  await me.button("Change password").click();
  await expect(me.note).toHaveText("Your password has been changed.");
  await expect(devices).toHaveCount(1);

  // On a device that was added by a code, and so has given no password lately.
  const code = await me.makeCode();
  const desk = await browserVisitor({ url: `${replica.url}/me/claim#${code}` });
  desk.expectComplaint(/403/);
  const deskMe = new MePage(desk.page);
  await deskMe.button("Move it here").click();
  await desk.page.waitForURL(/\/chat$/);
  await desk.page.goto(`${replica.url}/me`);
  await deskMe.button("Delete the account").click();
  await deskMe.button("Delete it").click();
  const asked = desk.page.getByLabel("Password");
  await expect(asked).toBeFocused();
  await asked.fill(password);
  await deskMe.button("Delete it").click();
  await expect(asked).toHaveAccessibleDescription("That’s not your password.");
  await asked.fill("the river runs cold");
  await deskMe.button("Delete it").click();
  await expect(deskMe.note).toHaveText(/Your account has been deleted/);
});
