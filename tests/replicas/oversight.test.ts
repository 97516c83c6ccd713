import type { Ack } from "../../protocol/events";
import { expect, test } from "../support/fixtures";
import { claimOwner, ownedSite } from "../support/owner";
import type { Replica } from "../support/replica";

const pair = (replicas: Replica[]) => replicas as [Replica, Replica];
const codeOf = (ack: Ack) => (ack.ok ? "ok" : ack.error.code);

test("[O-11] the overview and the feed show every public room of both replicas and each message once, and no conversation", async ({
  startReplicas,
  connect,
}) => {
  const [one, other] = pair(await startReplicas(2, ownedSite));
  const [owner, alone, reader] = await Promise.all([
    connect({ url: one.url }),
    connect({ url: other.url }),
    connect({ url: one.url }),
  ]);
  await claimOwner(owner);
  await alone.must("room:create", { room: "cellar", title: "The cellar" });
  await alone.join("cellar");
  await alone.say("cellar", "is this seen?", "said-once-1");
  await alone.say("cellar", "is this seen?", "said-once-1");
  await alone.join("lobby");
  const { seq } = await alone.say("lobby", "to be removed");
  const { room } = await alone.must("direct:open", { with: reader.id });
  await alone.join(room.id);
  await alone.say(room.id, "between us");

  await expect(async () => {
    const { role, staff, visitors, rooms, messages } = await owner.must("owner:overview", {});
    expect([role, visitors]).toEqual(["owner", 3]);
    expect(staff).toEqual([{ id: owner.id, role: "owner" }]);
    expect(rooms.map(({ id }) => id).sort()).toEqual(["cellar", "lobby"]);
    expect(messages.counts).toHaveLength(7 * 24 + 1);
    expect(messages.counts.reduce((sum, count) => sum + count, 0)).toBe(2);
  }).toPass();
  const { lines } = await owner.must("owner:feed", {});
  expect(lines.map(({ room: id, title, entry }) => [id, title, "text" in entry ? entry.text : ""])).toEqual([
    ["cellar", "The cellar", "is this seen?"],
    ["lobby", "lobby", "to be removed"],
  ]);
  await owner.must("message:remove", { room: "lobby", seq });
  const since = lines.at(-1)?.entry.at ?? 0;
  const later = await owner.must("owner:feed", { since });
  expect(later.lines.at(-1)).toMatchObject({ room: "lobby", entry: { kind: "removal", targets: [seq] } });
});

test("[O-12] a visitor is found by a part of its name and by id, and shown with its rooms, messages and sanctions", async ({
  startReplicas,
  connect,
}) => {
  const [one, other] = pair(await startReplicas(2, ownedSite));
  const [owner, visitor] = await Promise.all([connect({ url: one.url }), connect({ url: other.url })]);
  await claimOwner(owner);
  await visitor.must("room:create", { room: "cellar", title: "The cellar" });
  await visitor.must("room:join", { room: "cellar", name: "Quiet Heron" });
  await visitor.say("cellar", "a word");
  await visitor.must("room:join", { room: "lobby", name: "Loud Heron" });
  const { room } = await visitor.must("direct:open", { with: owner.id });
  await visitor.join(room.id);
  await visitor.say(room.id, "between us");
  await owner.must("sanction:set", { visitor: visitor.id, kind: "mute", reason: "noise" });

  await expect(async () => {
    const { visitors } = await owner.must("visitor:find", { query: "QUIET h" });
    expect(visitors).toMatchObject([
      { visitor: visitor.id, name: "Quiet Heron", room: "cellar", isMember: true },
    ]);
  }).toPass();
  await visitor.must("room:leave", { room: "cellar" });
  expect((await owner.must("visitor:find", { query: "nobody of that name" })).visitors).toEqual([]);
  expect((await owner.must("visitor:find", { query: visitor.id })).visitors).toMatchObject([
    { visitor: visitor.id, name: "Loud Heron" },
  ]);
  const shown = await owner.must("visitor:show", { visitor: visitor.id });
  expect(shown.rooms.map(({ title, name }) => [title, name])).toEqual([
    ["lobby", "Loud Heron"],
    ["The cellar", "Quiet Heron"],
  ]);
  expect(shown.lines.map(({ entry }) => "text" in entry && entry.text)).toEqual(["a word"]);
  expect(shown.sanctions).toMatchObject([{ kind: "mute", reason: "noise" }]);
  expect(shown.firstSeenAt).toBeLessThanOrEqual(shown.lines[0]?.entry.at ?? 0);
  const { names } = await owner.must("visitor:names", { visitors: [visitor.id, "AAAAAAAAAAAAAAA_"] });
  expect(names).toEqual({ [visitor.id]: "Loud Heron" });
});

test("[O-13] the owner can try a text, and sees its signs with their scores, for newcomers and others", async ({
  startReplica,
  connect,
}) => {
  const { url } = await startReplica(ownedSite);
  const owner = await claimOwner(await connect({ url }));
  await owner.must("guard:words", { words: ["casino"] });
  const text = "see https://spam.example/x";
  const trial = async (input: { text: string; isNewcomer?: boolean }) => {
    const { signs, score, word, bounds } = await owner.must("guard:try", input);
    return { signs: signs.map(({ sign }) => sign), score, word, bounds };
  };
  const bounds = { mild: 100, strict: 40 };
  expect(await trial({ text: "hello" })).toEqual({ signs: [], score: 0, word: undefined, bounds });
  expect(await trial({ text, isNewcomer: true })).toMatchObject({ signs: ["newcomerLink"], score: 45 });
  expect(await trial({ text: "the Casinο", isNewcomer: true })).toMatchObject({
    ...{ signs: ["word"], score: 100, word: "casino" },
  });
});

test("[O-11] visitors without a role are refused the overview, and moderators the trial of a text", async ({
  startReplica,
  connect,
}) => {
  const { url } = await startReplica(ownedSite);
  const [owner, moderator, stranger] = await Promise.all([
    connect({ url }),
    connect({ url }),
    connect({ url }),
  ]);
  await claimOwner(owner);
  await owner.must("moderator:set", { visitor: moderator.id, isModerator: true });
  expect((await owner.must("owner:overview", {})).staff, "owners first").toEqual([
    { id: owner.id, role: "owner" },
    { id: moderator.id, role: "moderator" },
  ]);
  const asked = [
    ["owner:overview", {}],
    ["owner:feed", {}],
    ["visitor:find", { query: "x" }],
    ["visitor:show", { visitor: owner.id }],
    ["visitor:names", { visitors: [owner.id] }],
    ["guard:try", { text: "hello" }],
  ] as const;
  for (const [name, input] of asked) {
    expect(codeOf(await stranger.askRaw(name, input)), name).toBe("forbidden");
    const expected = name === "guard:try" ? "forbidden" : "ok";
    expect(codeOf(await moderator.askRaw(name, input)), name).toBe(expected);
  }
});
