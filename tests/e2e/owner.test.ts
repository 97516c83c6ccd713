import type { Page, Response } from "@playwright/test";
import { axeFaults } from "../support/axe-faults";
import { expect, test } from "../support/browser-fixtures";
import { ChatPage } from "../support/chat-page";
import { claimOwner, ownedSite, ownerKey } from "../support/owner";
import type { Replica } from "../support/replica";

/** The page of the owner and moderators. */

const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
const section = (page: Page) => page.getByRole("navigation", { name: "Sections" });

test("[O-1] a visitor sees only how to sign in; the key signs in, is not stored, and is not asked for again", async ({
  startReplica,
  browserVisitor,
}) => {
  const { url } = await startReplica(ownedSite);
  const { page, expectComplaint } = await browserVisitor({ url: `${url}/owner` });
  expectComplaint(/403/);
  const field = page.getByLabel("Owner’s key");
  await expect(field).toBeVisible();
  await expect(section(page)).toHaveCount(0);
  expect(await axeFaults(page), "the form").toEqual([]);
  await field.press("Enter");
  await expect(page.getByText("Enter the key first.")).toBeVisible();
  await field.fill("a wrong key that is long enough");
  await field.press("Enter");
  await expect(page.getByText("That isn’t the owner’s key, or the server has none set.")).toBeVisible();
  await expect(field).toBeFocused();
  await field.fill(ownerKey);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(section(page).getByRole("link", { name: "Reports" })).toHaveAttribute("aria-current", "page");
  const kept = await page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state]),
  );
  expect(kept).not.toContain(ownerKey);
  await page.reload();
  await expect(section(page)).toBeVisible();
});

test("[O-1] a link with the key signs in, and the key leaves the address before the first request", async ({
  startReplica,
  browserVisitor,
}) => {
  const { url } = await startReplica(ownedSite);
  const { page } = await browserVisitor({ url: "about:blank" });
  const addresses: string[] = [];
  page.on("request", (request) =>
    addresses.push(`${request.url()} ${request.headers().referer ?? ""}`, page.url()),
  );
  await page.goto(`${url}/owner#key=${encodeURIComponent(ownerKey)}`);
  await expect(section(page)).toBeVisible();
  expect(new URL(page.url()).hash).toBe("");
  expect(await page.evaluate(() => JSON.stringify(history.state))).not.toContain("key=");
  const asked = addresses.slice(
    addresses.findIndex((address) => address.includes("/socket.io") || address.includes("/api/owner")),
  );
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.filter((address) => address.includes("key="))).toEqual([]);
  await page.evaluate((key) => {
    location.hash = `key=${key}`;
  }, ownerKey);
  await expect.poll(() => new URL(page.url()).hash).toBe("");
});

test("[O-6] on a phone, over another replica, the owner settles a report with one tap, and sanctions its author with three", async ({
  startReplicas,
  browserVisitor,
  connect,
}) => {
  const [one, other] = (await startReplicas(2, ownedSite)) as [Replica, Replica];
  const [author, reader] = [await connect({ url: one.url }), await connect({ url: one.url })];
  const { self } = await author.join("lobby");
  await reader.join("lobby");
  const [first, second] = [
    await author.say("lobby", "an ugly word"),
    await author.say("lobby", "an honest one"),
  ];
  const { page } = await browserVisitor({
    url: `${other.url}/owner#key=${encodeURIComponent(ownerKey)}`,
    ...phone,
  });
  await expect(page.getByText("Nothing to look at.", { exact: false })).toBeVisible();
  await reader.must("message:report", { room: "lobby", seq: first.seq, reason: "abuse" });
  await reader.must("message:report", { room: "lobby", seq: second.seq });

  const reports = page.getByRole("list", { name: "Reports" }).locator(":scope > li");
  await expect(reports).toHaveCount(2);
  await expect(reports.nth(1)).toContainText("Abuse or hate · 1");
  expect(await axeFaults(page), "the reports").toEqual([]);
  await reports.nth(0).getByRole("button", { name: "It’s fine" }).tap();
  await expect(reports).toHaveCount(1);
  await reports.getByRole("button", { name: "Moderate" }).tap();
  await page.getByRole("button", { name: "Ban", exact: true }).tap();
  await author.gone();
  await expect(page.getByText(`${self.name} is banned.`)).toBeVisible();
  await page.keyboard.press("Escape");
  await section(page).getByRole("link", { name: "Sanctions" }).tap();
  const sanction = page.getByRole("list", { name: "Sanctions" }).getByRole("listitem");
  await expect(sanction).toContainText("Banned");
  expect(await axeFaults(page), "the sanctions").toEqual([]);
  await sanction.getByRole("button", { name: "Lift" }).tap();
  await expect(page.getByText("Nobody is muted or banned.")).toBeVisible();
});

test("[O-9] with the keyboard alone the owner can use every section, and axe finds nothing", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  test.slow();
  const { url } = await startReplica(ownedSite);
  const talker = await connect({ url });
  await talker.must("room:create", { room: "tea", title: "A room for tea" });
  await talker.join("tea");
  await talker.say("tea", "the kettle sings");
  const { page } = await browserVisitor({
    url: `${url}/owner#key=${encodeURIComponent(ownerKey)}`,
    viewport: { width: 1280, height: 800 },
  });
  const go = async (name: string) => {
    await section(page).getByRole("link", { name }).focus();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { name, exact: true })).toBeFocused();
  };
  const isWell = async (what: string) => expect(await axeFaults(page), what).toEqual([]);

  await go("Overview");
  await expect(page.getByText(/^1 message\. Busiest: 1 in the hour from /)).toBeVisible({ timeout: 30_000 });
  const staff = page.getByRole("list", { name: "Owner and moderators" }).getByRole("listitem");
  await expect(staff).toHaveCount(1);
  await expect(staff).toContainText("(owner)");
  await isWell("overview");

  await go("Live");
  const lines = page.getByRole("list", { name: "Messages of all rooms" });
  await expect(lines).toContainText("the kettle sings");
  await talker.say("tea", "a second line");
  await expect(lines.getByRole("listitem").first()).toContainText("a second line");
  await isWell("live");
  await lines.getByRole("listitem").first().getByRole("button", { name: "Remove" }).focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  await talker.entry("tea", ({ kind }) => kind === "removal");
  await expect(lines.getByText("a second line")).toHaveCount(0);

  await go("Visitors");
  const { name = "" } =
    talker.log("tea").entries.flatMap((entry) => ("by" in entry ? entry.by : []))[0] ?? {};
  await page.getByLabel("Name or ID").fill(name.slice(1, -1).toUpperCase());
  await page.keyboard.press("Enter");
  const found = page.getByRole("list", { name: "Visitors" });
  await expect(found).toContainText(name);
  await isWell("visitors");
  await found.getByRole("link", { name }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Last messages" })).toBeVisible();
  await expect(page.getByText("the kettle sings")).toBeVisible();
  await isWell("a visitor");

  await go("Rooms");
  const tea = page
    .getByRole("list", { name: "Rooms" })
    .getByRole("listitem")
    .filter({ hasText: "A room for tea" });
  await tea.getByRole("button", { name: "Settings" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").getByRole("radio", { name: "No links" }).check();
  await page.getByRole("button", { name: "Save" }).focus();
  await page.keyboard.press("Enter");
  await expect(tea).toContainText("no links");
  await tea.getByRole("button", { name: "Export" }).focus();
  await page.keyboard.press("Enter");
  const link = tea.getByRole("link", { name: "Open as a page" });
  await isWell("rooms");
  const [exported] = await Promise.all([page.waitForEvent("popup"), link.press("Enter")]);
  await expect(exported.getByText("the kettle sings")).toBeVisible();
  await exported.close();

  await go("Guard");
  await page.getByLabel("Your words, one on each line").fill("casino\n");
  await page.getByRole("button", { name: "Save the words" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByText("Saved.", { exact: true })).toBeVisible();
  await page.getByLabel("A text as a visitor might write it").fill("my CASlNO");
  await page.getByRole("button", { name: "Try it" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByText("the word “casino”: 100")).toBeVisible();
  await expect(page.getByText("Mild (from 100): withheld")).toBeVisible();
  await isWell("guard");

  await go("Log");
  await expect(page.getByRole("list", { name: "Log" })).toContainText("changed the rules of A room for tea.");
  await isWell("log");
});

test("[O-1] a moderator needs no key, and sees only what it may do; the chat page loads nothing of this page", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const { url } = await startReplica(ownedSite);
  const owner = await claimOwner(await connect({ url }));
  const { page } = await browserVisitor({ url: "about:blank" });
  const bodies: Promise<string>[] = [];
  const keepBody = (response: Response) => {
    const isPart = /\.(js|css|json)$|\/chat$/.test(new URL(response.url()).pathname);
    if (isPart && response.status() === 200) bodies.push(response.text());
  };
  page.on("response", keepBody);
  await page.goto(`${url}/chat`);
  const chat = new ChatPage(page);
  await chat.say("my first words");
  // The next page cannot read the bodies of this one.
  page.off("response", keepBody);
  const said = (await Promise.all(bodies)).join("\n");
  expect(said).toContain("message:send");
  for (const part of ["owner:overview", "owner.signIn", "visitor:find"]) expect(said).not.toContain(part);

  await owner.join("lobby");
  const entry = await owner.entry("lobby", ({ kind }) => kind === "message");
  await owner.must("moderator:set", { visitor: "by" in entry ? entry.by.id : "", isModerator: true });
  await page.goto(`${url}/owner#rooms`);
  await expect(section(page)).toBeVisible();
  await expect(section(page).getByRole("link", { name: "Guard" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Settings" }).first()).toBeVisible();
  await expect(page.getByRole("button", { name: "Export" })).toHaveCount(0);
});
