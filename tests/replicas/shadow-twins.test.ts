import { randomUUID } from "node:crypto";
import { directRoomOf } from "../../server/broker/direct-rooms";
import { mustAccount } from "../support/account-client";
import { expect, test } from "../support/fixtures";
import { resume } from "../support/moving-visitor";
import { claimOwner, ownedSite } from "../support/owner";
import { until } from "../support/until";
import type { WireVisitor } from "../support/wire-visitor";

type Connect = (token?: string) => Promise<WireVisitor>;
type Listed = { id: string; lastMessage?: { seq: number } };
type Told = [what: string, answer: unknown][];

/**
 * Does and asks everything that a visitor can: by commands, in another tab, on another device, with its account, and over
 * HTTP. Returns everything that the visitor was told.
 */
async function live(ghost: WireVisitor, peer: WireVisitor, connect: Connect, url: string): Promise<Told> {
  const told: Told = [];
  const ask = async (name: string, input: object, visitor = ghost) => {
    const answer = await visitor.askRaw(name, input);
    told.push([`${name} ${JSON.stringify(input)}`, answer]);
    return answer as { ok: boolean; seq: number; url: string; room: { id: string }; cursor: never };
  };
  const say = (room: string, text: unknown, more: object = {}, visitor = ghost) =>
    ask("message:send", { room, text, clientMessageId: randomUUID(), ...more }, visitor);
  /** Replicas read the list anew after a second, so ask until it is up to date. */
  const listed = async (isNow: (rooms: Listed[]) => boolean) => {
    const rooms = async () => ((await ghost.must("room:list", {})).rooms as Listed[]) ?? [];
    await until("the list of now", async () => isNow(await rooms()));
    await ask("room:list", {});
  };
  const get = async (place: string) => {
    const answer = await fetch(`${url}${place}`);
    told.push([`GET ${place}`, [answer.status, await answer.text()]]);
  };

  const cursor = ghost.log("lobby").cursor;
  const again = { clientMessageId: randomUUID() };
  const first = await say("lobby", "a first word", again);
  await say("lobby", "a first word", again);
  await peer.say("lobby", "an answer to all");
  await say("lobby", "an answer", { replyTo: first.seq });
  for (const wrong of ["", " ", 7, "x".repeat(17_000)]) await say("lobby", wrong);
  await say("lobby", "late", { since: { epoch: "another", seq: 1 } });
  await say("elsewhere", "not there");
  await ask("typing:set", { room: "lobby", typing: true });
  await ask("typing:set", { room: "lobby", typing: false });
  await ask("name:change", { room: "lobby", name: "Another Name" });
  await ask("name:change", { room: "lobby", name: "Madang" });
  await ask("history:read", { room: "lobby", limit: 200 });
  await ask("history:read", { room: "lobby", after: 1, limit: 3 });
  await ask("member:list", { room: "lobby" });
  await ask("message:report", { room: "lobby", seq: first.seq + 1, reason: "other" });
  await ask("message:report", { room: "lobby", seq: first.seq });
  await ask("message:remove", { room: "lobby", seq: first.seq + 1 });
  await ask("message:remove", { room: "lobby", seq: first.seq });
  await ask("message:remove", { room: "lobby", seq: first.seq });
  await ask("history:read", { room: "lobby", limit: 200 });

  const { room } = await ask("room:create", { room: "a-room-of-mine", title: "A room of mine" });
  await ask("room:join", { room: room.id, name: "Host of it" });
  await say(room.id, "said in my room");
  await peer.must("room:join", { room: room.id, name: "Guest of it" });
  await peer.say(room.id, "said by the other");
  await ask("room:rename", { room: room.id, title: "Another title" });
  await ask("room:rules", { room: room.id, slowMs: 1_000 });
  const { url: file } = await ask("room:export", { room: room.id });
  await get(new URL(file, url).pathname);
  await get("/api/rooms/lobby");
  await get(`/api/rooms/${room.id}`);
  await listed((rooms) => rooms.some(({ id, lastMessage }) => id === room.id && lastMessage !== undefined));

  const direct = await ask("direct:open", { with: peer.id });
  await ask("room:join", { room: direct.room.id });
  await say(direct.room.id, "for you alone");
  await say(direct.room.id, "a second one");
  await ask("direct:list", { texts: true });
  await ask("direct:drop", { room: direct.room.id });
  await ask("direct:refuse", { refuse: true });
  await ask("visitor:block", { visitor: peer.id, blocked: true });
  await ask("direct:list", {});
  await ask("visitor:block", { visitor: peer.id, blocked: false });
  for (const [name, input] of Object.entries({
    "sanction:list": {},
    "report:list": {},
    "owner:log": {},
    "guard:words": {},
    "owner:claim": { key: "a wrong key, and a long one" },
  }))
    await ask(name, input);

  // Another tab, a tab that comes back with an old cursor, and another device.
  const tab = await connect(ghost.token);
  told.push(["a join", await tab.join("lobby")]);
  await say("lobby", "from the other tab", {}, tab);
  const back = await connect(ghost.token);
  told.push(["a return", await resume(back, "lobby", cursor)]);
  const { code } = await mustAccount(url, "transfer", { token: ghost.token });
  const moved = await mustAccount(url, "claim", { body: { code } });
  told.push(["a claim", Object.keys(moved)]);
  const device = await connect(moved.token);
  told.push(["a join", await device.join("lobby")]);
  await ask("direct:list", {}, device);
  const last = await say("lobby", "from the other device", {}, device);
  await ask("room:close", { room: room.id });
  await listed(
    (rooms) =>
      rooms.every(({ id }) => id !== room.id) &&
      rooms.some(({ id, lastMessage }) => id === "lobby" && lastMessage?.seq === last.seq),
  );
  await ask("room:leave", { room: "lobby" });
  await ask("room:join", { room: "lobby" });

  const end = await peer.say("lobby", "the end");
  for (const visitor of [ghost, tab, back, device]) {
    await visitor.entry("lobby", ({ seq }) => seq === end.seq);
    told.push(["its feed", [visitor.log("lobby").entries, visitor.log("lobby").faults]]);
    const others = visitor.events.filter(({ name }) => name !== "feed:appended");
    told.push(["its events", others.map(({ name, body: event }) => [name, event])]);
  }
  return told;
}

/** Replaces everything that differs between two visitors or two runs by a name. */
function alike(told: Told, names: Record<string, string>): string[] {
  const known = Object.entries(names).sort(([one], [other]) => other.length - one.length);
  return told.map((line) => {
    let text = JSON.stringify(line);
    for (const [value, name] of known) text = text.replaceAll(value, name);
    return text
      .replaceAll(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, "UUID")
      .replaceAll(/(?<="epoch\\*":\\*")[^"\\]+/g, "EPOCH")
      .replaceAll(/(?<="token":")[^"]+/g, "SECRET")
      .replaceAll(/\/api\/export\/[\w-]+/g, "EXPORT")
      .replaceAll(/\b1[6-9]\d{11}\b/g, "TIME")
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME");
  });
}

test("[O-4] every command, event and page tells a shadowed visitor the same as another visitor, byte for byte", async ({
  startReplica,
  connect,
}) => {
  const lives: string[][] = [];
  for (const isShadowed of [false, true]) {
    const replica = await startReplica({ ...ownedSite, REDIS_PREFIX: `madang:${randomUUID()}:` });
    const { url } = replica;
    const [owner, peer] = [await connect({ url }), await connect({ url })];
    const ghost = await connect({ url });
    await claimOwner(owner);
    await peer.join("lobby");
    const self = (await ghost.join("lobby")).self;
    if (isShadowed) await owner.must("sanction:set", { visitor: ghost.id, kind: "shadow" });
    const isSilent = async () => {
      const { seq } = await ghost.say("lobby", "anybody?");
      await ghost.entry("lobby", (entry) => entry.seq === seq);
      return (await peer.entry("lobby", (entry) => entry.seq === seq)).kind === "withheld";
    };
    // The replica that took the sanction applies it at once.
    expect(await isSilent()).toBe(isShadowed);
    const peerName = peer
      .log("lobby")
      .entries.find((entry) => entry.kind === "join" && entry.by.id === peer.id);
    const names = {
      [ghost.id]: "GHOST",
      [peer.id]: "PEER",
      [owner.id]: "OWNER",
      [directRoomOf(ghost.id, peer.id)]: "DIRECT",
      [self.name]: "Ghost’s name",
      [peerName?.kind === "join" ? peerName.by.name : "?"]: "Peer’s name",
      [url]: "SITE",
    };
    const told = await live(ghost, peer, (token) => connect({ url, ...(token && { token }) }), url);
    lives.push(alike(told, names));
  }
  expect(lives[1]).toEqual(lives[0]);
});
