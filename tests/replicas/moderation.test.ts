import type { Ack, SanctionKind } from "../../protocol/events";
import { mustAccount } from "../support/account-client";
import { expect, test } from "../support/fixtures";
import { claimOwner, from, ownedSite, ownerKey, refusalOf } from "../support/owner";
import type { Replica } from "../support/replica";
import type { WireVisitor } from "../support/wire-visitor";

const pair = (replicas: Replica[]) => replicas as [Replica, Replica];
const codeOf = (ack: Ack) => (ack.ok ? "ok" : ack.error.code);
const message = (room = "lobby") => ({ room, text: "hello", clientMessageId: crypto.randomUUID() });
const sayCode = async (visitor: WireVisitor, room?: string) =>
  codeOf(await visitor.ask("message:send", message(room)));
/** O-4: an act holds for each command that begins a second after its answer, or later. */
async function holdsSoon(wanted: string, ask: () => Promise<string>): Promise<void> {
  const decidedAt = Date.now();
  for (let code = ""; code !== wanted; ) {
    const begunAt = Date.now();
    code = await ask();
    if (code !== wanted) expect(begunAt - decidedAt, code).toBeLessThan(1_000);
  }
}
const home = { "x-forwarded-for": "198.51.100.1" };

test("[O-1] [O-2] the owner has its role on all devices and replicas and after restarts, until the key changes", async ({
  startReplica,
  startReplicas,
  connect,
}) => {
  const [one, other] = pair(await startReplicas(2, ownedSite));
  const [owner, reader] = await Promise.all([connect({ url: one.url }), connect({ url: other.url })]);
  for (const wrong of ["", `${ownerKey} `, "x".repeat(40)])
    expect(codeOf(await owner.ask("owner:claim", { key: wrong }))).toBe("forbidden");
  expect((await owner.join("lobby")).self).not.toHaveProperty("role");
  expect(await owner.must("owner:claim", { key: ownerKey })).toEqual({ ok: true, role: "owner" });
  const { seq } = await owner.say("lobby", "mine");
  const held = { id: owner.id, role: "owner" };
  const isListed = async () =>
    (await reader.join("lobby")).members.some(({ id, role }) => id === owner.id && role === "owner");
  await expect.poll(isListed).toBe(true);
  const joined = await reader.join("lobby");
  expect(joined.entries.find((entry) => entry.seq === seq)).toMatchObject({ by: held });

  await owner.must("moderator:set", { visitor: reader.id, isModerator: true });
  await expect.poll(async () => (await reader.join("lobby")).self.role).toBe("moderator");
  expect(codeOf(await reader.ask("moderator:set", { visitor: owner.id, isModerator: false }))).toBe(
    "forbidden",
  );
  const phone = await connect({ url: other.url, token: owner.token });
  expect((await phone.join("lobby")).self.role).toBe("owner");

  const restarted = await startReplica({
    ...ownedSite,
    OWNER_KEY: `another key as long as it has to be,${ownerKey}`,
  });
  expect((await (await connect({ url: restarted.url, token: owner.token })).join("lobby")).self.role).toBe(
    "owner",
  );
  const rotated = await startReplica({ ...ownedSite, OWNER_KEY: "only this other key is still set" });
  const stranger = await connect({ url: rotated.url, token: owner.token });
  expect((await stranger.join("lobby")).self).not.toHaveProperty("role");
  expect(codeOf(await stranger.ask("sanction:list", {}))).toBe("forbidden");

  await owner.must("owner:resign", {});
  await expect.poll(async () => (await phone.join("lobby")).self.role).toBeUndefined();
  const acts = await connect({ url: one.url });
  expect(codeOf(await acts.ask("owner:log", {}))).toBe("forbidden");
});

test("[O-1] each network has five tries in ten minutes, over all replicas", async ({
  startReplicas,
  connect,
}) => {
  const replicas = await startReplicas(2, { ...ownedSite, RATE_LIMITS: "on" });
  const codes: string[] = [];
  for (let index = 0; index < 6; index += 1) {
    const visitor = await connect(from("203.0.113.7", { url: replicas[index % 2]?.url ?? "" }));
    codes.push(codeOf(await visitor.ask("owner:claim", { key: "not the owner’s key at all" })));
  }
  expect(codes).toEqual([...Array(5).fill("forbidden"), "rate_limited"]);
  const elsewhere = await connect(from("203.0.113.8", { url: replicas[0]?.url ?? "" }));
  expect(codeOf(await elsewhere.ask("owner:claim", { key: ownerKey }))).toBe("ok");
});

test("[O-3] owner and moderators can remove any message in public rooms, and all messages of a visitor", async ({
  startReplicas,
  connect,
}) => {
  const [one, other] = pair(await startReplicas(2, ownedSite));
  const [owner, flood, reader] = await Promise.all([
    connect({ url: one.url }),
    connect({ url: other.url }),
    connect({ url: other.url }),
  ]);
  await claimOwner(owner);
  const { room } = await flood.must("room:create", { title: "Tea" });
  for (const id of ["lobby", room.id]) for (const visitor of [flood, reader]) await visitor.join(id);
  const { seq } = await flood.say("lobby", "a slur");
  expect(codeOf(await reader.ask("message:remove", { room: "lobby", seq }))).toBe("forbidden");
  await owner.must("message:remove", { room: "lobby", seq });
  await reader.entry("lobby", (entry) => entry.kind === "removal" && entry.targets[0] === seq);
  const kept = await reader.say("lobby", "talk");
  const said = [];
  for (const id of ["lobby", room.id]) for (const text of ["a", "b"]) said.push(await flood.say(id, text));
  expect(await owner.must("messages:clear", { visitor: flood.id })).toEqual({ ok: true, removed: 4 });
  for (const [id, from_] of [
    ["lobby", 0],
    [room.id, 2],
  ] as const) {
    const removal = await reader.entry(id, (entry) => entry.kind === "removal" && entry.targets.length === 2);
    expect(removal).toMatchObject({ targets: said.slice(from_, from_ + 2).map((each) => each.seq) });
  }
  const { entries } = await reader.must("history:read", { room: "lobby", limit: 100 });
  expect(entries.filter(({ kind }) => kind === "message").map((entry) => entry.seq)).toEqual([kept.seq]);
  const { acts } = await owner.must("owner:log", {});
  expect(acts.map(({ did, removed }) => [did, removed])).toEqual([
    ["messages:clear", 4],
    ["message:remove", undefined],
    ["owner:claim", undefined],
  ]);
  expect(JSON.stringify(acts)).not.toContain("slur");
});

test("[O-4] a mute binds all of a visitor's connections on all replicas, until it ends or is lifted", async ({
  startReplica,
  startReplicas,
  connect,
}) => {
  const [one, other] = pair(await startReplicas(2, ownedSite));
  const [owner, loud] = await Promise.all([connect({ url: one.url }), connect({ url: other.url })]);
  await claimOwner(owner);
  await loud.join("lobby");
  const device = await connect({ url: one.url, token: loud.token });
  await device.join("lobby");
  const { room: own } = await loud.must("room:create", { title: "Its own" });
  const { id, until } = await owner.must("sanction:set", { visitor: loud.id, kind: "mute", forMs: 60_000 });
  await holdsSoon("muted", () => sayCode(loud));
  const refused = await device.ask("message:send", message());
  expect(refused).toMatchObject({
    error: { code: "muted", retryable: false, retryAfterMs: expect.any(Number) },
  });
  expect(Math.abs((until ?? 0) - Date.now() - 60_000)).toBeLessThan(5_000);
  const asked = [
    loud.ask("name:change", { room: "lobby" }),
    loud.ask("typing:set", { room: "lobby", typing: true }),
    loud.ask("room:create", { title: "Elsewhere" }),
    loud.ask("room:rename", { room: own.id, title: "Read this" }),
    (await connect({ url: one.url, token: loud.token })).ask("room:create", { title: "Elsewhere" }),
    (await connect({ url: (await startReplica(ownedSite)).url, token: loud.token })).ask(
      "message:send",
      message(),
    ),
  ];
  expect((await Promise.all(asked)).map(codeOf)).toEqual(Array(6).fill("muted"));
  expect(codeOf(await loud.ask("history:read", { room: "lobby", limit: 1 }))).toBe("ok");
  const nameAs = async (name: string) => {
    const { self } = await loud.must("room:join", { room: own.id, name });
    await loud.must("room:leave", { room: own.id });
    return self.name;
  };
  const kept = await nameAs("Read this");
  expect(kept).not.toBe("Read this");
  expect(await nameAs("And this")).toBe(kept);

  const { sanctions } = await owner.must("sanction:list", {});
  expect(sanctions).toEqual([
    { id, visitor: loud.id, kind: "mute", at: expect.any(Number), until, by: owner.id },
  ]);
  await owner.must("sanction:lift", { id });
  await holdsSoon("ok", () => sayCode(loud));
  expect(await nameAs("Read this")).toBe("Read this");
  expect(codeOf(await owner.ask("sanction:lift", { id }))).toBe("bad_request");
  const inLobby = { visitor: loud.id, kind: "mute", room: "lobby" } as const;
  await owner.must("sanction:set", inLobby);
  await holdsSoon("muted", () => sayCode(loud));
  const { room } = await loud.must("room:create", { title: "Tea" });
  await loud.join(room.id);
  expect(await sayCode(loud, room.id), "muted in the lobby only").toBe("ok");
  const { until: end = 0 } = await owner.must("sanction:set", { ...inLobby, forMs: 1_000 });
  await expect.poll(() => sayCode(loud), { intervals: [50] }).toBe("ok");
  expect(Date.now(), "its end").toBeGreaterThanOrEqual(end);
});

test("[O-4] a ban ends every connection of a visitor, and every way back is refused", async ({
  startReplica,
  startReplicas,
  connect,
}) => {
  const [one, other] = pair(await startReplicas(2, ownedSite));
  const [owner, banned, reader] = await Promise.all([
    connect({ url: one.url, headers: home }),
    connect(from("203.0.113.9", { url: other.url })),
    connect({ url: one.url, headers: home }),
  ]);
  await claimOwner(owner);
  const credentials = {
    handle: `h${banned.id.slice(0, 6).toLowerCase()}x`,
    password: "a banned visitor's password",
  };
  const { token } = await mustAccount(one.url, "sign-up", { token: banned.token, body: credentials });
  const { code } = await mustAccount(one.url, "transfer", { token });
  for (const visitor of [banned, reader]) await visitor.join("lobby");
  const device = await connect(from("203.0.113.9", { url: one.url, token: banned.token }));
  await device.join("lobby");

  const gone = Promise.all([banned.gone(), device.gone()]).then(() => "gone");
  const { id } = await owner.must("sanction:set", { visitor: banned.id, kind: "ban", hasNetwork: true });
  await holdsSoon("gone", async () => Promise.race([gone, sayCode(banned).catch(() => gone)]));
  const left = await reader.entry("lobby", ({ kind }) => kind === "leave");
  expect(left).toMatchObject({ by: { id: banned.id } });
  expect(banned.disconnectReason, "the connection just closes").toBe("transport close");

  const claimed = await mustAccount(other.url, "claim", { body: { code } });
  const again = await mustAccount(other.url, "log-in", { body: credentials });
  const third = await startReplica(ownedSite);
  const ways = [banned.token, token, claimed.token, again.token].flatMap((way) =>
    [one, other, third].map(({ url }) => refusalOf(connect({ url, token: way, headers: home }))),
  );
  expect(await Promise.all(ways)).toEqual(Array(12).fill("banned"));
  const newcomer = (address: string) => refusalOf(connect(from(address, { url: third.url })));
  expect(await newcomer("203.0.113.9"), "a new visitor of its network").toBe("banned");
  expect(await newcomer("203.0.113.10")).toBeUndefined();
  const stranger = await connect(from("203.0.113.10", { url: one.url }));
  const word = { handle: `h${stranger.id.slice(0, 6).toLowerCase()}y`, password: "a password of a stranger" };
  const made = await mustAccount(one.url, "transfer", { token: stranger.token });
  const moved = await mustAccount(other.url, "claim", { body: { code: made.code } });
  await mustAccount(one.url, "sign-up", { token: stranger.token, body: word });
  const named = await mustAccount(other.url, "log-in", { body: word });
  for (const { token: each } of [stranger, moved, named])
    expect(await refusalOf(connect(from("203.0.113.9", { url: third.url, token: each })))).toBe("banned");
  expect(reader.log("lobby").entries.filter(({ kind }) => kind === "leave")).toHaveLength(1);

  await owner.must("sanction:lift", { id });
  await expect.poll(() => refusalOf(connect({ url: other.url, token: banned.token }))).toBeUndefined();
  await expect.poll(() => newcomer("203.0.113.9")).toBeUndefined();
});

test("[O-4] a ban with its network also covers the network from which the visitor comes back, an IPv6 /64 as a whole", async ({
  startReplica,
  connect,
}) => {
  const earlier = await startReplica(ownedSite);
  const [first, next, neighbour] = ["2001:db8:1:2::5", "2001:db8:1:2:ffff::9", "2001:db8:1:3::5"] as const;
  const banned = await connect(from(first, { url: earlier.url }));
  await earlier.stop();
  const { url } = await startReplica(ownedSite);
  const owner = await claimOwner(await connect({ url, headers: home }));
  await owner.must("sanction:set", { visitor: banned.id, kind: "ban", hasNetwork: true });
  const newcomer = (address: string = next) => refusalOf(connect(from(address, { url })));
  expect(await newcomer()).toBeUndefined();
  const knock = connect(from(first, { url, token: banned.token }));
  expect(await refusalOf(knock)).toBe("banned");
  await expect.poll(() => newcomer(), { intervals: [50] }).toBe("banned");
  expect(await newcomer(neighbour), "another network of the same provider").toBeUndefined();
});

test("[O-4] a ban from one room takes the visitor out of that room only", async ({
  startReplicas,
  connect,
}) => {
  const [one, other] = pair(await startReplicas(2, ownedSite));
  const [owner, banned, reader] = await Promise.all([
    connect({ url: one.url }),
    connect({ url: other.url }),
    connect({ url: other.url }),
  ]);
  await claimOwner(owner);
  const { room } = await owner.must("room:create", { title: "Tea" });
  for (const id of ["lobby", room.id]) for (const visitor of [banned, reader]) await visitor.join(id);
  await owner.must("sanction:set", { visitor: banned.id, kind: "ban", room: room.id });
  await reader.entry(room.id, ({ kind }) => kind === "leave");
  await holdsSoon("banned", () => sayCode(banned, room.id));
  expect(codeOf(await banned.ask("room:join", { room: room.id }))).toBe("banned");
  expect(codeOf(await banned.ask("history:read", { room: room.id, limit: 1 }))).toBe("banned");
  await reader.say(room.id, "without it");
  await reader.say("lobby", "a barrier");
  await banned.entry("lobby", (entry) => entry.kind === "message" && entry.text === "a barrier");
  expect(banned.log(room.id).entries.filter(({ kind }) => kind === "message")).toEqual([]);
  expect(await sayCode(banned)).toBe("ok");
});

test("[O-4] only the owner and moderators can set sanctions, and not on a visitor that has a role", async ({
  startReplica,
  connect,
}) => {
  const { url } = await startReplica(ownedSite);
  const [owner, moderator, visitor] = await Promise.all([
    connect({ url }),
    connect({ url }),
    connect({ url }),
  ]);
  await claimOwner(owner);
  await owner.must("moderator:set", { visitor: moderator.id, isModerator: true });
  const sanction = async (by: WireVisitor, of: WireVisitor, kind: SanctionKind) =>
    codeOf(await by.ask("sanction:set", { visitor: of.id, kind }));
  for (const kind of ["mute", "shadow", "ban"] as const) {
    expect(await sanction(visitor, owner, kind)).toBe("forbidden");
    expect(await sanction(moderator, owner, kind)).toBe("forbidden");
    expect(await sanction(owner, moderator, kind)).toBe("forbidden");
  }
  expect(await sanction(moderator, visitor, "mute")).toBe("ok");
  for (const [name, input] of [
    ["owner:log", {}],
    ["sanction:list", {}],
    ["sanction:lift", { id: "x" }],
    ["messages:clear", { visitor: owner.id }],
    ["owner:resign", {}],
  ] as const)
    expect(codeOf(await visitor.askRaw(name, input)), name).toBe("forbidden");
  expect(
    codeOf(await owner.ask("sanction:set", { visitor: visitor.id, kind: "shadow", hasNetwork: true })),
  ).toBe("bad_request");
});
