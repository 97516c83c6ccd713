import type { Sanction } from "../../protocol/events";
import { axeFaults } from "../support/axe-faults";
import { expect, test } from "../support/browser-fixtures";
import { ChatPage } from "../support/chat-page";
import { ownedSite } from "../support/owner";
import { asOwner } from "../support/owner-page";

/** Acts of the owner and moderators in the chat, and what visitors see of them. */

const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

test("[O-4] on a phone the owner ends a flood with three taps, and can undo the ban", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const { url } = await startReplica(ownedSite);
  const flooder = await connect({ url });
  const { self } = await flooder.join("lobby");
  await flooder.say("lobby", "buy buy buy");
  const chat = await asOwner(await browserVisitor({ url: `${url}/chat`, ...phone }));

  await chat.message("buy buy buy").tap();
  await chat.entry("buy buy buy").getByRole("button", { name: "Moderate" }).tap();
  const sheet = chat.page.getByRole("dialog", { name: `Moderate ${self.name}` });
  await expect(sheet).toBeVisible();
  expect(await axeFaults(chat.page), "the tools").toEqual([]);
  await sheet.getByRole("button", { name: "Ban with their network" }).tap();
  await flooder.gone();
  await chat.notice(`${self.name} left`);

  const undo = chat.page.getByRole("button", { name: "Undo" });
  await expect(undo).toBeFocused();
  await expect(chat.page.getByText(`${self.name} is banned.`)).toBeVisible();
  expect(await axeFaults(chat.page), "with the offer to undo").toEqual([]);
  await undo.tap();
  await expect(chat.page.getByText("Undone.")).toBeVisible();
  await expect
    .poll(() =>
      connect({ url, token: flooder.token }).then(
        () => "in",
        () => "out",
      ),
    )
    .toBe("in");
});

test("[O-4] [O-1] [O-3] each tool of the sheet does what it is called, where and why it was chosen; all but the removal can be undone", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const { url } = await startReplica(ownedSite);
  const author = await connect({ url });
  const { self } = await author.join("lobby");
  const said = [await author.say("lobby", "a first line"), await author.say("lobby", "a second line")];
  const chat = await asOwner(await browserVisitor({ url: `${url}/chat` }));
  const owner = await connect({ url });
  await owner.must("owner:claim", { key: ownedSite.OWNER_KEY });
  const line = chat.entry("a second line");
  const sheet = chat.page.getByRole("dialog", { name: `Moderate ${self.name}` });
  const open = async () => {
    await line.hover();
    await line.getByRole("button", { name: "Moderate" }).click();
    await expect(sheet).toBeVisible();
  };
  const undo = async () => {
    await chat.page.getByRole("button", { name: "Undo" }).click();
    await expect(chat.page.getByText("Undone.")).toBeVisible();
    await chat.page.keyboard.press("Escape");
  };

  const [minuteMs, everywhere] = [60_000, {}];
  const abuseHere = { room: "lobby", reason: "abuse" };
  for (const [button, kind, how, forMs] of [
    ["10 minutes", "mute", everywhere, 10 * minuteMs],
    ["1 hour", "mute", abuseHere, 60 * minuteMs],
    ["1 day", "mute", everywhere, 24 * 60 * minuteMs],
    ["For good", "mute", abuseHere],
    ["Mute without telling them", "shadow", abuseHere],
    ["Ban", "ban", everywhere],
    ["Ban with their network", "ban", { hasNetwork: true }],
  ] as const) {
    await open();
    if ("room" in how) await sheet.getByRole("radio", { name: "This room" }).check();
    if ("reason" in how) await sheet.getByRole("radio", { name: "Abuse" }).check();
    await sheet.getByRole("button", { name: button, exact: true }).click();
    await expect(sheet).toBeHidden();
    const { sanctions } = await owner.must("sanction:list", {});
    const { id, at, by, until, ...rest } = sanctions[0] ?? ({} as Sanction);
    expect(sanctions, button).toHaveLength(1);
    expect({ ...rest, forMs: until && until - at }, button).toEqual({
      ...{ visitor: author.id, kind, forMs },
      ...how,
    });
    await undo();
    expect((await owner.must("sanction:list", {})).sanctions, `${button} undone`).toEqual([]);
  }

  const back = await connect({ url, token: author.token });
  const roleOf = async () => (await back.join("lobby")).self.role;
  await open();
  await sheet.getByRole("button", { name: "Make moderator" }).click();
  await expect(chat.page.getByText(`${self.name} is a moderator now.`)).toBeVisible();
  expect(await roleOf()).toBe("moderator");
  await undo();
  expect(await roleOf()).toBeUndefined();

  await open();
  await sheet.getByRole("button", { name: "Remove all their messages" }).click();
  await expect(chat.entry("a first line"), "it asks first").toBeVisible();
  await sheet.getByRole("button", { name: "Remove", exact: true }).click();
  const removal = await back.entry("lobby", (entry) => entry.kind === "removal");
  expect(removal).toMatchObject({ targets: said.map(({ seq }) => seq) });
  await expect(chat.message("a first line")).toHaveCount(0);
  await expect(chat.page.getByRole("button", { name: "Undo" })).toHaveCount(0);
});

test("[O-4] a muted visitor reads why and until when, and can write again by itself at the end", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const { url } = await startReplica(ownedSite);
  const { page } = await browserVisitor({ url: `${url}/chat` });
  const chat = new ChatPage(page);
  await chat.say("my first words");
  const owner = await connect({ url });
  await owner.join("lobby");
  const said = await owner.entry("lobby", (entry) => entry.kind === "message");
  await owner.must("owner:claim", { key: ownedSite.OWNER_KEY });
  const visitor = "by" in said ? said.by.id : "";
  await owner.must("sanction:set", { visitor, kind: "mute", forMs: 15_000 });
  // The page learns of the mute at its first try.
  await expect(async () => {
    if (await chat.box.isEditable()) await chat.box.press("a");
    await expect(chat.box).not.toBeEditable({ timeout: 4_000 });
  }).toPass();
  await expect(page.getByText(/^You can’t write here until \d/)).toBeVisible();
  await expect(chat.box).toBeEditable();
  await expect(page.getByText(/^You can’t write here/)).toBeHidden();
  await chat.say("words again");
  await owner.entry("lobby", (entry) => entry.kind === "message" && entry.text === "words again");
});

test("[O-6] a reader reports a message with a reason, and reads what happens next", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const { url } = await startReplica(ownedSite);
  const [owner, speaker] = [await connect({ url }), await connect({ url })];
  await owner.must("owner:claim", { key: ownedSite.OWNER_KEY });
  await speaker.join("lobby");
  const { seq } = await speaker.say("lobby", "something ugly");
  const { page } = await browserVisitor({ url: `${url}/chat` });
  const chat = new ChatPage(page);
  await chat.message("something ugly").hover();
  await chat.entry("something ugly").getByRole("button", { name: "Report" }).click();
  const sheet = page.getByRole("dialog", { name: "Report this message" });
  expect(await axeFaults(page), "the reasons").toEqual([]);
  await sheet.getByRole("button", { name: "Abuse or hate" }).click();
  await expect(sheet.getByText("Reported. A moderator will look at it.")).toBeVisible();
  await owner.event("report:added", (event) => event.seq === seq);
  const { reports } = await owner.must("report:list", {});
  expect(reports[0]?.reporters[0]?.reason).toBe("abuse");
  await page.keyboard.press("Escape");
  await expect(sheet).toBeHidden();
});

test("[O-5] the owner gives a room a welcome and slow mode; visitors who enter see them until they close them", async ({
  startReplica,
  browserVisitor,
}) => {
  const { url } = await startReplica(ownedSite);
  const guest = new ChatPage((await browserVisitor({ url: `${url}/chat` })).page);
  const welcome = guest.page.getByRole("region", { name: "Welcome" });
  await expect(welcome).toContainText(
    "The newest messages are kept, 10,000 at most, and erased after 30 quiet days.",
  );
  const owner = await asOwner(await browserVisitor({ url: `${url}/chat` }));
  await owner.page.getByRole("button", { name: "More", exact: true }).click();
  await owner.page.getByRole("button", { name: "Room settings" }).click();
  const settings = owner.page.getByRole("dialog", { name: "Room settings" });
  await settings.getByRole("textbox", { name: /^Welcome/ }).fill("Be kind: https://example.org/rules");
  await settings.getByRole("radio", { name: "30 seconds" }).check();
  expect(await axeFaults(owner.page), "the settings").toEqual([]);
  await settings.getByRole("button", { name: "Save" }).click();
  await expect(settings).toBeHidden();

  await expect(guest.page.getByText("Slow mode: one message every 30 seconds.")).toBeVisible();
  const link = welcome.getByRole("link", { name: "https://example.org/rules" });
  await expect(link).toHaveAttribute("rel", "noopener nofollow ugc");
  expect(await axeFaults(guest.page), "the welcome").toEqual([]);
  await welcome.getByRole("button", { name: "Got it" }).click();
  await expect(welcome).toHaveCount(0);
  await guest.say("slowly");
  await expect(guest.page.getByText(/^Next one in \d+ seconds\.$/)).toBeVisible();
  await guest.page.reload();
  await expect(guest.page.getByText("Slow mode: one message every 30 seconds.")).toBeVisible();
  await expect(welcome).toHaveCount(0);
});

test("[O-2] the shield is beside the owner's name everywhere, and no chosen name can imitate it", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const { url } = await startReplica(ownedSite);
  const [owner, impostor] = [await connect({ url }), await connect({ url })];
  await owner.must("owner:claim", { key: ownedSite.OWNER_KEY });
  const { self } = await owner.join("lobby");
  for (const name of ["Bob 🛡️", "🛡\ufe0e", "Bob ✔"])
    expect(await impostor.ask("room:join", { room: "lobby", name }), name).toMatchObject({
      error: { code: "bad_request" },
    });
  await impostor.join("lobby");
  await owner.say("lobby", "the house speaks");
  await impostor.say("lobby", "🛡️ (owner) me too");
  const { page } = await browserVisitor({ url: `${url}/chat`, viewport: { width: 1280, height: 740 } });
  const chat = new ChatPage(page);
  const marks = page.locator(".role-mark");
  await expect(chat.entry("the house speaks").locator(".message-head")).toContainText(`${self.name} (owner)`);
  await expect(
    page
      .getByRole("list", { name: "Members" })
      .getByRole("listitem", { includeHidden: false })
      .filter({ has: marks }),
  ).toHaveCount(1);
  await owner.must("typing:set", { room: "lobby", typing: true });
  await expect(page.locator(".typing-line").locator(".role-mark")).toHaveCount(1);
  await expect(chat.entry("🛡️ (owner) me too").locator(".role-mark")).toHaveCount(0);
  expect(await axeFaults(page)).toEqual([]);
});
