import { expect, test } from "../support/fixtures";
import { changesOf, meet, open, unreadIs } from "../support/partners";
import type { Replica } from "../support/replica";
import { longKnownToken } from "../support/settled-visitor";

test("[DM-1] [DM-4] every device of both partners reads and answers a conversation, over either replica", async ({
  startReplicas,
  connect,
}) => {
  const replicas = (await startReplicas(2, { RATE_LIMITS: "off" })) as [Replica, Replica];
  const { ann, ben } = await meet(connect, replicas);
  const opened = await ann.must("direct:open", { with: ben.id });
  expect(opened.room).toMatchObject({ kind: "direct", title: "", closed: false });
  expect(opened.room).not.toHaveProperty("owner");
  expect(opened.partner).toEqual({ id: ben.id, name: "Ben of the south", online: false });
  const room = opened.room.id;
  const mirrored = await ben.must("direct:open", { with: ann.id });
  const ofAnn = { id: ann.id, name: "Ann of the north", online: true };
  expect(mirrored).toMatchObject({ room: opened.room, partner: ofAnn });

  const devices = [ann, ben];
  for (const { token } of [ann, ben])
    devices.push(
      await connect({ url: replicas[0].url, token }),
      await connect({ url: replicas[1].url, token }),
    );
  for (const device of devices) await device.must("direct:list", {});
  expect((await ann.join(room)).self).toEqual({ id: ann.id, name: "Ann of the north" });
  const { seq, at } = await ann.say(room, "hello, Ben");
  for (const device of devices) {
    const unread = device.id === ben.id ? 1 : 0;
    expect(await device.event("direct:changed", (change) => change.lastEntryAt === at)).toEqual({
      room,
      lastEntryAt: at,
      unread,
      text: "hello, Ben",
    });
  }
  const late = await ben.join(room);
  expect(late.self.name).toBe("Ben of the south");
  expect(late.entries.find((entry) => entry.seq === seq)).toMatchObject({
    text: "hello, Ben",
    by: { id: ann.id },
  });
  const answer = await ben.say(room, "hello, Ann");
  expect(await ann.entry(room, (entry) => entry.seq === answer.seq)).toMatchObject({ text: "hello, Ann" });
});

test("[DM-4] [DM-5] an absent visitor finds its messages in its list and history; an empty conversation is listed only for the visitor that opened it", async ({
  startReplicas,
  connect,
}) => {
  const replicas = (await startReplicas(2, { RATE_LIMITS: "off" })) as [Replica, Replica];
  const { ann, ben } = await meet(connect, replicas);
  const third = await connect({ url: replicas[0].url });
  const room = await open(ann, ben);
  const other = await open(ann, third);
  const before = await ben.must("direct:list", {});
  expect([before.conversations, before.requests]).toEqual([[], []]);
  await open(ben, ann);
  ben.close();
  await ann.join(room);
  for (const text of ["one", "two", "three"]) await ann.say(room, text);

  const back = await connect({ url: replicas[0].url, token: ben.token });
  const { conversations, refuse, blocked } = await back.must("direct:list", {});
  expect(conversations).toHaveLength(1);
  expect(conversations[0]).toMatchObject({
    room: { id: room, kind: "direct" },
    partner: { id: ann.id, name: "Ann of the north", online: true },
    unread: 3,
  });
  expect({ refuse, blocked }).toEqual({ refuse: false, blocked: [] });
  const { entries } = await back.join(room);
  expect(entries.flatMap((entry) => ("text" in entry ? [entry.text] : []))).toEqual(["one", "two", "three"]);

  const own = await ann.must("direct:list", {});
  expect(own.conversations.map(({ room: { id } }) => id)).toEqual([room, other]);
  expect(own.conversations.map(({ unread }) => unread)).toEqual([0, 0]);
  await ann.join(other);
  await ann.say(other, "hello");
  const after = await ann.must("direct:list", {});
  expect(after.conversations.map(({ room: { id } }) => id)).toEqual([other, room]);
});

test("[DM-4] [DM-11] a list shows each conversation's last text, also live; a removed text disappears from it at once", async ({
  startReplicas,
  connect,
}) => {
  const replicas = (await startReplicas(2, { RATE_LIMITS: "off" })) as [Replica, Replica];
  const { ann, ben } = await meet(connect, replicas);
  const room = await open(ann, ben);
  await open(ben, ann);
  const textOf = async (visitor: typeof ann) =>
    (await visitor.must("direct:list", {})).conversations.map(({ text }) => text);
  expect(await textOf(ben), "no message has been sent yet").toEqual([undefined]);
  await ann.join(room);
  await ann.say(room, "one");
  const { seq } = await ann.say(room, "x".repeat(400));
  await ben.event("direct:changed", ({ text }) => text === "x".repeat(300));
  for (const visitor of [ann, ben]) expect(await textOf(visitor)).toEqual(["x".repeat(300)]);
  await ben.must("direct:read", { room, seq });
  await unreadIs(ben, room, 0);
  await ann.must("message:remove", { room, seq });
  await ben.event("direct:changed", ({ text }) => text === "");
  for (const visitor of [ann, ben]) expect(await textOf(visitor)).toEqual([""]);
});

test("[DM-6] unread counts are the same on every device, fall when one device reads, and do not rise when another has read less", async ({
  startReplicas,
  connect,
}) => {
  const replicas = (await startReplicas(2, { RATE_LIMITS: "off" })) as [Replica, Replica];
  const { ann, ben } = await meet(connect, replicas);
  const room = await open(ann, ben);
  await open(ben, ann);
  const phone = await connect({ url: replicas[0].url, token: ben.token });
  for (const device of [ben, phone]) await device.must("direct:list", {});
  await ann.join(room);
  const receipts = [];
  for (const text of ["one", "two", "three", "four"]) receipts.push(await ann.say(room, text));
  for (const device of [ben, phone]) await unreadIs(device, room, 4);

  await phone.must("direct:read", { room, seq: receipts[1]?.seq ?? 0 });
  for (const device of [ben, phone]) await unreadIs(device, room, 2);
  await ben.must("direct:read", { room, seq: receipts[0]?.seq ?? 0 });
  await ben.join(room);
  await ben.say(room, "five");
  await unreadIs(ann, room, 1);
  expect(changesOf(ben, room).at(-1)?.unread, "a visitor's own message never counts").toBe(2);
  await ann.must("message:remove", { room, seq: receipts[3]?.seq ?? 0 });
  for (const device of [ben, phone]) await unreadIs(device, room, 1);
  await ben.must("direct:read", { room, seq: 1_000_000 });
  for (const device of [ben, phone]) await unreadIs(device, room, 0);
  await ann.say(room, "six");
  for (const device of [ben, phone]) await unreadIs(device, room, 1);
  expect((await phone.must("direct:list", {})).conversations[0]).toMatchObject({ unread: 1 });
});

test("[DM-8] a visitor that refuses strangers keeps its conversations and gets no new ones until it accepts them again", async ({
  startReplicas,
  connect,
}) => {
  const replicas = (await startReplicas(2, { RATE_LIMITS: "off" })) as [Replica, Replica];
  const { ann, ben } = await meet(connect, replicas);
  const old = await connect({ url: replicas[0].url });
  const kept = await open(old, ben);
  await old.join(kept);
  await old.say(kept, "we know each other");
  await open(ben, old);
  const empty = await open(ann, ben);
  await ann.join(empty);

  await ben.must("direct:refuse", { refuse: true });
  expect(await ben.must("direct:list", {})).toMatchObject({ refuse: true });
  const stranger = await connect({ url: replicas[0].url });
  const refusal = await stranger.ask("direct:open", { with: ben.id });
  expect(refusal).toMatchObject({ ok: false, error: { code: "forbidden", retryable: false } });
  expect(await ann.ask("direct:open", { with: ben.id }), "the conversation was empty").toEqual(refusal);
  const sent = { room: empty, text: "hello?", clientMessageId: "hello-hello" };
  expect(await ann.ask("message:send", sent)).toMatchObject({ error: { code: "forbidden" } });
  await old.say(kept, "and go on");
  expect((await ben.must("direct:list", {})).conversations).toHaveLength(1);

  await ben.must("direct:refuse", { refuse: false });
  await stranger.must("direct:open", { with: ben.id });
  await ann.must("message:send", sent);
});

test("[DM-9] a blocked visitor cannot write, learns no presence, and gets the same answer as from a visitor that refuses", async ({
  startReplicas,
  connect,
}) => {
  const replicas = (await startReplicas(2, { RATE_LIMITS: "off" })) as [Replica, Replica];
  const { ann, ben } = await meet(connect, replicas);
  const stranger = await connect({ url: replicas[0].url });
  const room = await open(ann, ben);
  await ann.join(room);
  await ben.join(room);
  await ann.say(room, "hello");
  await ben.say(room, "go away");
  await ben.must("direct:refuse", { refuse: true });
  const refusal = await stranger.ask("direct:open", { with: ben.id });

  await ben.must("visitor:block", { visitor: ann.id, blocked: true });
  expect((await ben.must("direct:list", {})).blocked).toEqual([ann.id]);
  await ann.event("presence:changed", ({ visitor, online }) => visitor === ben.id && !online);
  expect(await ann.ask("direct:open", { with: ben.id })).toEqual(refusal);
  const draft = { room, text: "why?", clientMessageId: "why-oh-why" };
  expect(await ann.ask("message:send", draft)).toEqual(refusal);
  expect(await ann.ask("typing:set", { room, typing: true })).toEqual(refusal);
  expect(await ann.ask("name:change", { room, name: "Why Ben" })).toEqual(refusal);
  expect((await ann.must("direct:list", {})).conversations[0]?.partner.online).toBe(false);
  expect(
    (await ann.must("history:read", { room, limit: 10 })).entries.length,
    "history can still be read",
  ).toBeGreaterThan(3);
  const own = await ben.ask("message:send", { room, text: "and", clientMessageId: "and-another" });
  expect(own).toMatchObject({ error: { code: "forbidden" } });

  const before = ann.events.filter(({ name }) => name === "presence:changed").length;
  const phone = await connect({ url: replicas[0].url, token: ben.token });
  phone.close();
  await ben.must("visitor:block", { visitor: ann.id, blocked: false });
  const presences = () => ann.events.filter(({ name }) => name === "presence:changed");
  await ann.waitFor("the return", () => presences().length > before);
  await ann.must("message:send", draft);
  expect((await ann.must("direct:open", { with: ben.id })).partner.online).toBe(true);
  // Another block is told after everything before it.
  await ben.must("visitor:block", { visitor: ann.id, blocked: true });
  await ann.waitFor("the end", () => presences().length > before + 1);
  expect(presences().slice(before)).toMatchObject([{ body: { online: true } }, { body: { online: false } }]);
});

test("[DM-3] a visitor cannot talk with itself or with an invalid id, and may open twenty new conversations at once", async ({
  shared,
  startReplica,
  connect,
}) => {
  const replica = await startReplica();
  const visitor = await connect({ url: replica.url, token: await longKnownToken(shared) });
  for (const partner of [visitor.id, "nobody", `${visitor.id}x`])
    expect(await visitor.ask("direct:open", { with: partner })).toMatchObject({
      error: { code: "bad_request" },
    });
  const ids = Array.from({ length: 21 }, (_, number) => `visitor-no--${String(number).padStart(4, "0")}`);
  for (const id of ids.slice(0, 20)) {
    const { partner } = await visitor.must("direct:open", { with: id });
    expect(partner, "the answer does not tell whether there is such a visitor").toEqual({
      id,
      name: "–",
      online: false,
    });
  }
  const over = await visitor.ask("direct:open", { with: ids[20] ?? "" });
  expect(over).toMatchObject({ error: { code: "rate_limited", retryable: true } });
  expect((over as { error: { retryAfterMs: number } }).error.retryAfterMs).toBeGreaterThan(100_000);
  await visitor.must("direct:open", { with: ids[0] ?? "" });
  expect((await visitor.must("direct:list", {})).conversations).toHaveLength(20);
});

test("[DM-11] a visitor may write one message to a stranger and learns nothing, until the stranger answers on any replica", async ({
  startReplicas,
  connect,
}) => {
  const replicas = (await startReplicas(2, { RATE_LIMITS: "off" })) as [Replica, Replica];
  const [one, other] = replicas;
  const { ben } = await meet(connect, replicas);
  const ann = await connect({ url: one.url });
  const phone = await connect({ url: one.url, token: ben.token });
  for (const device of [ben, phone]) await device.must("direct:list", {});
  const { room, partner } = await ann.must("direct:open", { with: ben.id });
  expect(partner, "they have met in no room").toEqual({ id: ben.id, name: "–", online: false });
  await ann.join(room.id);
  const first = { room: room.id, text: "may I?", clientMessageId: "may-i-may-i" };
  const receipt = await ann.must("message:send", first);
  const refusal = { code: "forbidden", retryable: false, message: expect.stringMatching(/once they answer/) };
  const second = { room: room.id, text: "well?", clientMessageId: "well-well" };
  expect(await ann.ask("message:send", second)).toMatchObject({ error: refusal });
  expect(await ann.must("message:send", first), "a retry").toMatchObject(receipt);
  for (const device of [ben, phone]) {
    expect(await device.event("direct:changed", ({ unread }) => unread === 1)).toMatchObject({
      room: room.id,
      request: "received",
    });
    const { conversations, requests } = await device.must("direct:list", {});
    expect(conversations).toEqual([]);
    expect(requests).toMatchObject([
      { room: { id: room.id }, partner: { id: ann.id, name: "–", online: false }, text: "may I?", unread: 1 },
    ]);
  }
  expect((await ann.must("direct:open", { with: ben.id })).request).toBe("sent");
  expect(JSON.stringify(ann.events), "nor whether he is online").not.toContain("presence:changed");

  await ben.must("direct:drop", { room: room.id });
  await phone.event("direct:changed", ({ isGone }) => isGone === true);
  expect((await phone.must("direct:list", {})).requests).toEqual([]);
  const third = await connect({ url: other.url });
  expect(await third.ask("direct:drop", { room: room.id })).toMatchObject({
    error: { code: "room_not_found" },
  });

  await phone.join(room.id);
  await ann.event("presence:changed", ({ visitor, online }) => visitor === ben.id && online);
  const presences = ann.events.filter(({ name }) => name === "presence:changed");
  expect(presences, "the first one").toHaveLength(1);
  await ann.must("message:send", second);
  for (const device of [ben, phone]) {
    const { conversations, requests } = await device.must("direct:list", {});
    expect([conversations.length, requests?.length]).toEqual([1, 0]);
  }
});

test("[DM-9] a visitor can block only visitors that it has met, and can lift every block", async ({
  startReplicas,
  connect,
}) => {
  const replicas = (await startReplicas(2)) as [Replica, Replica];
  const { ann, ben } = await meet(connect, replicas);
  const stranger = await connect({ url: replicas[0].url });
  for (const visitor of [stranger.id, "visitor-no--0001"]) {
    expect(await ann.ask("visitor:block", { visitor, blocked: true })).toMatchObject({
      error: { code: "forbidden" },
    });
    await ann.must("visitor:block", { visitor, blocked: false });
  }
  await ann.must("visitor:block", { visitor: ben.id, blocked: true });
  expect((await ann.must("direct:list", {})).blocked).toEqual([ben.id]);
  await ann.must("visitor:block", { visitor: ben.id, blocked: false });
  expect((await ann.must("direct:list", {})).blocked).toEqual([]);
});
