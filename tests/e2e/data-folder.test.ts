import path from "node:path";
import { expect, test } from "../support/browser-fixtures";
import { lostConnection } from "../support/browser-visitor";
import { ChatPage } from "../support/chat-page";
import { MePage, openTab } from "../support/me-page";
import { freePort } from "../support/ports";
import { Replica } from "../support/replica";
import { makeFolder } from "../support/temporary-folder";

test("after a lone server is killed and started again readers continue as before, with their rooms and accounts, and only absent members have left", async ({
  browserVisitor,
  connect,
}) => {
  test.setTimeout(120_000);
  const folder = await makeFolder("data");
  const port = await freePort();
  const settings = {
    REDIS_URL: undefined,
    REDIS_PREFIX: undefined,
    SESSION_SECRET: undefined,
    DATA_DIR: path.join(folder, "data"),
    RATE_LIMITS: "off",
  };
  let replica = await Replica.launch(settings, port);
  try {
    await replica.ready();
    const open = async () => {
      const visitor = await browserVisitor({ url: `${replica.url}/chat` });
      visitor.expectComplaint(lostConnection);
      const chat = new ChatPage(visitor.page);
      return { chat, name: await chat.name() };
    };
    const one = await open();
    const other = await open();
    const gone = (await (await connect({ url: replica.url })).join("lobby")).self;
    const me = new MePage(await openTab(one.chat.page, `${replica.url}/me`));
    const id = await me.id();
    await me.send("Sign up", "Otter", "correct horse battery staple");
    await expect(me.page.getByText("Your handle is otter")).toBeVisible();
    const maker = await connect({ url: replica.url });
    await maker.must("room:create", { room: "tea-room", title: "A room for tea" });
    const tea = new ChatPage(await openTab(one.chat.page, `${replica.url}/chat/tea-room`));
    await tea.say("green or black?");
    await expect(tea.message("green or black?")).toBeVisible();
    await one.chat.say("before the end");
    await expect(other.chat.entry("before the end")).toBeVisible();

    await replica.kill();
    replica = await Replica.launch(settings, port);
    await replica.ready();
    await one.chat.say("after it");
    await other.chat.say("here too");
    for (const { chat, name } of [one, other]) {
      for (const text of ["before the end", "after it", "here too"])
        await expect(chat.entry(text)).toHaveCount(1);
      expect(await chat.name()).toBe(name);
      await chat.notice(`${gone.name} left`);
      await expect(chat.feed.getByText(/ left$/), "only for the visitor that has not come back").toHaveCount(
        1,
      );
    }
    const later = new ChatPage(await openTab(one.chat.page, `${replica.url}/chat/tea-room`));
    await expect(later.page.getByRole("heading", { level: 1, name: "A room for tea" })).toBeVisible();
    await expect(later.message("green or black?")).toHaveCount(1);
    const reader = await open();
    await expect(reader.chat.entry("before the end")).toBeVisible();
    const device = new MePage(await openTab(reader.chat.page, `${replica.url}/me`));
    await device.send("Log in", "otter", "correct horse battery staple");
    await expect(device.note).toHaveText(/You’re logged in/);
    expect(await device.id(), "the account's visitor").toBe(id);
  } finally {
    await replica.kill();
  }
});
