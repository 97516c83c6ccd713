import { directRoomOf } from "../../server/broker/direct-rooms";
import { expect, test } from "../support/fixtures";
import { resume } from "../support/moving-visitor";
import { claimOwner, ownedSite } from "../support/owner";
import type { Replica } from "../support/replica";
import { historyOf, toldTo } from "../support/told";
import type { WireVisitor } from "../support/wire-visitor";

const secret = "a shadowed word";

/** `probe` is on the visitor's replica. */
async function shadow(owner: WireVisitor, visitor: WireVisitor, probe: WireVisitor): Promise<void> {
  await owner.must("sanction:set", { visitor: visitor.id, kind: "shadow" });
  // That replica knows a mute that is set later no earlier.
  const { id } = await owner.must("sanction:set", { visitor: probe.id, kind: "mute" });
  const isMuted = async () => {
    const ack = await probe.ask("typing:set", { room: "lobby", typing: false });
    return !ack.ok && ack.error.code === "muted";
  };
  await expect.poll(isMuted, { intervals: [20] }).toBe(true);
  await owner.must("sanction:lift", { id });
  await expect.poll(isMuted, { intervals: [20] }).toBe(false);
}

test("[O-4] [F-1] a shadowed message is given to its author, the owner and moderators; to others its number is withheld", async ({
  startReplicas,
  connect,
}) => {
  const [one, other] = (await startReplicas(2, ownedSite)) as [Replica, Replica];
  const [owner, ghost, reader, away] = await Promise.all([
    connect({ url: one.url }),
    connect({ url: other.url }),
    connect({ url: one.url }),
    connect({ url: other.url }),
  ]);
  await claimOwner(owner);
  for (const visitor of [owner, ghost, reader, away]) await visitor.join("lobby");
  await shadow(owner, ghost, away);
  const device = await connect({ url: one.url, token: ghost.token });
  await device.join("lobby");
  away.vanish();

  const first = await ghost.say("lobby", secret);
  const { seq } = await reader.say("lobby", "heard by all");
  for (const visitor of [ghost, device, owner, reader])
    await visitor.entry("lobby", (entry) => entry.seq === seq);
  const plain = {
    seq: first.seq,
    at: first.at,
    kind: "message",
    by: expect.anything(),
    text: secret,
    clientMessageId: expect.any(String),
  };
  const blank = { seq: first.seq, at: first.at, kind: "withheld" };
  const at = (visitor: WireVisitor) => visitor.log("lobby").entries.find((entry) => entry.seq === first.seq);
  for (const visitor of [ghost, device]) expect(at(visitor)).toEqual(plain);
  expect(at(owner)).toEqual({ ...plain, withheld: true });
  expect(at(reader)).toEqual(blank);

  // Every other road: the first page, a return, older history.
  const [fresh, back] = await Promise.all([
    connect({ url: other.url }),
    connect({ url: one.url, token: away.token }),
  ]);
  expect((await fresh.join("lobby")).entries).toContainEqual(blank);
  expect((await resume(back, "lobby", away.log("lobby").cursor)).entries).toContainEqual(blank);
  for (const visitor of [fresh, back, reader]) {
    expect(await historyOf(visitor)).toContainEqual(blank);
    expect(toldTo(visitor)).not.toContain(secret);
    expect(visitor.log("lobby").faults).toEqual([]);
  }
  for (const visitor of [ghost, device]) expect(await historyOf(visitor)).toContainEqual(plain);
  const later = await connect({ url: other.url, token: ghost.token });
  expect((await later.join("lobby")).entries).toContainEqual(plain);

  // Taking it back is seen by those who saw it.
  await ghost.must("message:remove", { room: "lobby", seq: first.seq });
  const end = await reader.say("lobby", "the end");
  for (const visitor of [ghost, reader]) await visitor.entry("lobby", (entry) => entry.seq === end.seq);
  expect(ghost.log("lobby").entries).toContainEqual(
    expect.objectContaining({ kind: "removal", targets: [first.seq] }),
  );
  expect(reader.log("lobby").entries.filter(({ kind }) => kind === "removal")).toEqual([]);
  expect((await historyOf(reader)).find((entry) => entry.seq === first.seq)).toEqual(blank);
  expect((await historyOf(ghost)).find((entry) => entry.seq === first.seq)).toEqual({
    ...blank,
    kind: "removed",
  });
  expect((await historyOf(fresh)).map((entry) => entry.seq)).toEqual(
    Array.from({ length: end.seq }, (_, index) => index + 1),
  );
});

test("[O-4] typing of a shadowed visitor is shown to itself and to no others", async ({
  startReplica,
  connect,
}) => {
  const { url } = await startReplica(ownedSite);
  const [owner, ghost, reader] = await Promise.all([connect({ url }), connect({ url }), connect({ url })]);
  await claimOwner(owner);
  for (const visitor of [owner, ghost, reader]) await visitor.join("lobby");
  await shadow(owner, ghost, reader);
  await ghost.must("typing:set", { room: "lobby", typing: true });
  await owner.must("typing:set", { room: "lobby", typing: true });
  const shows = (visitor: WireVisitor) =>
    visitor.event("typing:changed", ({ members }) => members.some(({ id }) => id === owner.id));
  for (const visitor of [ghost, owner])
    expect((await shows(visitor)).members.map(({ id }) => id)).toEqual([ghost.id, owner.id]);
  expect((await shows(reader)).members).toEqual([expect.objectContaining({ id: owner.id, role: "owner" })]);
  expect(JSON.stringify(reader.events.filter(({ name }) => name === "typing:changed"))).not.toContain(
    ghost.id,
  );
});

test("[O-4] [DM-6] a shadowed visitor's partners are not given its messages, and it sees no difference", async ({
  startReplicas,
  connect,
}) => {
  const [one, other] = (await startReplicas(2, ownedSite)) as [Replica, Replica];
  const [owner, ghost, plain, partner] = await Promise.all([
    connect({ url: one.url }),
    connect({ url: other.url }),
    connect({ url: other.url }),
    connect({ url: one.url }),
  ]);
  await claimOwner(owner);
  for (const visitor of [owner, ghost, plain, partner]) await visitor.join("lobby");
  await shadow(owner, ghost, plain);
  const write = async (author: WireVisitor, text: string) => {
    const { room } = await author.must("direct:open", { with: partner.id });
    await author.join(room.id);
    await author.say(room.id, text);
    const second = await author.ask("message:send", {
      room: room.id,
      text: "more",
      clientMessageId: crypto.randomUUID(),
    });
    const { conversations } = await author.must("direct:list", {});
    return { second, conversations };
  };
  /** All that differs between any two visitors. */
  const alike = (author: WireVisitor, told: unknown) =>
    JSON.stringify(told)
      .replaceAll(author.id, "ID")
      .replaceAll(directRoomOf(author.id, partner.id), "ROOM")
      .replaceAll(/"(?:name|epoch)":"[^"]*"/g, '""')
      .replaceAll(/"(?:\w*[aA]t)":\d+/g, '""');
  const told = await write(ghost, "hello there");
  expect(alike(ghost, told)).toBe(alike(plain, await write(plain, "hello there")));
  const { conversations, requests = [] } = await partner.must("direct:list", {});
  expect(conversations).toEqual([]);
  expect(requests.map((request) => request.partner.id)).toEqual([plain.id]);
  expect(JSON.stringify(partner.events.filter(({ name }) => name === "direct:changed"))).not.toContain(
    directRoomOf(ghost.id, partner.id),
  );

  // In a conversation that goes on already, the partner's list stays as it was.
  const room = directRoomOf(plain.id, partner.id);
  await partner.join(room);
  await partner.say(room, "good day");
  await shadow(owner, plain, ghost);
  await plain.say(room, secret);
  const listed = (await partner.must("direct:list", {})).conversations.find((each) => each.room.id === room);
  expect(listed).toMatchObject({ text: "good day", unread: 1 });
  const own = (await plain.must("direct:list", {})).conversations.find((each) => each.room.id === room);
  expect(own).toMatchObject({ text: secret });
});

test("[O-4] [C-8] the list looks to a shadowed visitor as if its messages were seen, and to others as if there were none", async ({
  startReplicas,
  connect,
}) => {
  const [one, other] = (await startReplicas(2, ownedSite)) as [Replica, Replica];
  const [owner, ghost, maker, probe] = await Promise.all([
    connect({ url: one.url }),
    connect({ url: other.url }),
    connect({ url: one.url }),
    connect({ url: other.url }),
  ]);
  await claimOwner(owner);
  await shadow(owner, ghost, probe);
  const { room } = await maker.must("room:create", { title: "Tea" });
  for (const visitor of [maker, ghost]) await visitor.join(room.id);
  await ghost.join("lobby");
  const first = await maker.say(room.id, "hello");
  const listedFor = async (visitor: WireVisitor, id: string) =>
    (await visitor.must("room:list", {})).rooms.find((each) => each.id === id);
  expect(await listedFor(ghost, room.id), "one has spoken").toBeUndefined();
  const inLobby = await ghost.say("lobby", secret);
  const reply = await ghost.say(room.id, secret);
  // A list is read anew after a second.
  await expect.poll(async () => (await listedFor(ghost, room.id))?.lastMessage?.seq).toBe(reply.seq);
  await expect.poll(async () => (await listedFor(ghost, "lobby"))?.lastMessage?.seq).toBe(inLobby.seq);
  for (const visitor of [maker, probe]) {
    expect(await listedFor(visitor, room.id)).toBeUndefined();
    expect(await listedFor(visitor, "lobby")).not.toHaveProperty("lastMessage");
  }
  await probe.join(room.id);
  await probe.say(room.id, "a second one");
  await expect
    .poll(async () => (await listedFor(maker, room.id))?.lastMessage?.seq)
    .toBeGreaterThan(first.seq);
});
