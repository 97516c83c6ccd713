import type { Ack, ClientToServer } from "../../protocol/events";
import { expect, test } from "../support/fixtures";
import type { Replica } from "../support/replica";
import type { VisitorOptions } from "../support/wire-socket";
import type { WireVisitor } from "../support/wire-visitor";

type Connect = (options: VisitorOptions) => Promise<WireVisitor>;
type Name = keyof ClientToServer;

/** A valid input for each command, and for each field the values that it must not have. */
const commands: Record<Name, { good: Record<string, unknown>; wrong: Record<string, unknown[]> }> = {
  "room:join": {
    good: { room: "lobby" },
    wrong: {
      room: wrongRooms(),
      name: wrongNames(),
      cursor: [7, "x", [], {}, { epoch: 1, seq: 1 }, { epoch: "e", seq: -1 }, { epoch: "e" }],
    },
  },
  "room:leave": { good: { room: "lobby" }, wrong: { room: wrongRooms() } },
  "room:create": {
    good: { title: "Tea" },
    wrong: {
      title: [undefined, null, 7, true, [], {}, "", "   ", "\u200b", "a\u0000b"],
      room: wrongRooms().slice(1),
    },
  },
  "room:list": { good: {}, wrong: {} },
  "room:close": { good: { room: "lobby" }, wrong: { room: wrongRooms() } },
  "member:list": {
    good: { room: "lobby" },
    wrong: { room: wrongRooms(), from: [null, 7, true, [], {}, "", "-1", "1.5", "x", "9".repeat(20)] },
  },
  "name:change": {
    good: { room: "lobby", name: "Otter" },
    wrong: { room: wrongRooms(), name: wrongNames() },
  },
  "name:suggest": { good: {}, wrong: {} },
  "message:send": {
    good: { room: "lobby", clientMessageId: "an-honest-one", text: "hello" },
    wrong: {
      room: wrongRooms(),
      clientMessageId: [
        undefined,
        null,
        7,
        {},
        [],
        "short",
        "x".repeat(65),
        "with space!",
        "한국어한국어한국어",
      ],
      text: [undefined, null, 7, true, [], {}, ["hello"], { toString: "hello" }, Buffer.from("hello")],
      replyTo: ["1", 0, -1, 1.5, 2 ** 60, [], {}, true],
      since: [7, "x", [], {}, { epoch: "e", seq: "1" }, { seq: 1 }],
    },
  },
  "message:remove": {
    good: { room: "lobby", seq: 1 },
    wrong: { room: wrongRooms(), seq: [undefined, null, "1", 0, -1, 1.5, 2 ** 60, [], {}, true] },
  },
  "typing:set": {
    good: { room: "lobby", typing: true },
    wrong: { room: wrongRooms(), typing: [undefined, null, 0, 1, "true", "", [], {}] },
  },
  "history:read": {
    good: { room: "lobby", limit: 10 },
    wrong: {
      room: wrongRooms(),
      limit: [undefined, null, 0, -1, 201, 1.5, "10", [], {}],
      before: ["1", -1, 1.5, [], {}, 2 ** 60],
      after: ["1", -1, 1.5, [], {}, 2 ** 60],
    },
  },
  "direct:open": { good: { with: someVisitor() }, wrong: { with: wrongVisitors() } },
  "direct:list": { good: {}, wrong: {} },
  "direct:read": {
    good: { room: "lobby", seq: 1 },
    wrong: { room: wrongRooms(), seq: [undefined, null, "1", -1, 1.5, 2 ** 60, [], {}, true] },
  },
  "direct:drop": { good: { room: "tea" }, wrong: { room: [1, "", null] } },
  "direct:refuse": {
    good: { refuse: false },
    wrong: { refuse: [undefined, null, 0, 1, "true", "", [], {}] },
  },
  "visitor:block": {
    good: { visitor: someVisitor(), blocked: false },
    wrong: { visitor: wrongVisitors(), blocked: [undefined, null, 0, 1, "true", "", [], {}] },
  },
  "visitor:forget": { good: {}, wrong: {} },
  "owner:claim": {
    good: { key: "not the owner’s key at all" },
    wrong: { key: [undefined, null, 7, true, [], {}] },
  },
  "owner:resign": { good: {}, wrong: {} },
  "owner:overview": { good: {}, wrong: {} },
  "owner:feed": { good: {}, wrong: { since: [null, "1", -1, 1.5, [], {}] } },
  "visitor:find": {
    good: { query: "Otter" },
    wrong: { query: [undefined, null, 7, [], {}, "x".repeat(385)] },
  },
  "visitor:show": { good: { visitor: someVisitor() }, wrong: { visitor: wrongVisitors() } },
  "visitor:names": {
    good: { visitors: [] },
    wrong: { visitors: [undefined, null, someVisitor(), [7], ["short"], Array(401).fill(someVisitor())] },
  },
  "guard:try": {
    good: { text: "hello" },
    wrong: { text: [undefined, null, 7, [], {}], isNewcomer: [null, 1, "true"] },
  },
  "owner:log": { good: {}, wrong: wrongPages() },
  "moderator:set": {
    good: { visitor: someVisitor(), isModerator: true },
    wrong: { visitor: wrongVisitors(), isModerator: [undefined, null, 0, "true", [], {}] },
  },
  "messages:clear": {
    good: { visitor: someVisitor() },
    wrong: { visitor: wrongVisitors(), room: wrongRooms().slice(1), reason: [7, [], {}, "x".repeat(1_025)] },
  },
  "room:rules": {
    good: { room: "lobby", slowMs: 0 },
    wrong: {
      room: wrongRooms(),
      slowMs: [null, "1000", -1, 1.5, 86_400_001, [], {}],
      writers: [null, "none", 1, [], {}],
      links: [null, "some", 1, [], {}],
      welcome: [7, [], {}, "a\u0000b"],
    },
  },
  "room:export": { good: { room: "lobby" }, wrong: { room: wrongRooms() } },
  "message:report": {
    good: { room: "lobby", seq: 1 },
    wrong: {
      room: wrongRooms(),
      seq: [undefined, null, "1", 0, -1, 1.5, 2 ** 60, [], {}, true],
      reason: [null, "boring", 1, [], {}],
    },
  },
  "guard:words": {
    good: {},
    wrong: { words: [null, "word", [7], [""], ["x".repeat(257)], Array(501).fill("x")] },
  },
  "report:list": { good: {}, wrong: wrongPages() },
  "report:settle": {
    good: { room: "lobby", seq: 1 },
    wrong: { room: wrongRooms(), seq: [undefined, null, "1", 0, -1, 1.5, 2 ** 60, [], {}, true] },
  },
  "room:rename": {
    good: { room: "lobby", title: "Tea" },
    wrong: { room: wrongRooms(), title: [undefined, null, 7, [], {}, "", "a\u0000b"] },
  },
  "sanction:set": {
    good: { visitor: someVisitor(), kind: "mute", forMs: 1_000 },
    wrong: {
      visitor: wrongVisitors(),
      kind: [undefined, null, "kick", 1, [], {}],
      room: wrongRooms().slice(1),
      forMs: [null, "1000", 0, -1, 1.5, 2 ** 60, [], {}],
      hasNetwork: [null, 1, "true", [], {}],
      reason: [7, [], {}, "x".repeat(1_025)],
    },
  },
  "sanction:lift": {
    good: { id: "no-such-one" },
    wrong: { id: [undefined, null, 7, [], {}, "x".repeat(65)] },
  },
  "sanction:list": { good: {}, wrong: wrongPages() },
};

function wrongPages(): Record<string, unknown[]> {
  return { before: ["1", -1, 1.5, [], {}], limit: [null, 0, -1, 201, 1.5, "10", [], {}] };
}

function someVisitor(): string {
  return "AAAAAAAAAAAAAAA_";
}

function wrongVisitors(): unknown[] {
  return [
    undefined,
    null,
    7,
    true,
    [],
    [someVisitor()],
    {},
    "",
    "AAAAAAAAAAAAAAA",
    "AAAAAAAAAAAAAAAAA",
    "AAAAAAAAAAAAAA A",
    "AAAAAAAAAAAAAA}{",
    "AAAAAAAAAAAAAA로비",
    `${someVisitor()}\n`,
    "__proto__",
  ];
}

function wrongNames(): unknown[] {
  return [null, 7, true, [], {}, ["Otter"], "", " ", "x".repeat(25), "a\u0000b", "admin"];
}

function wrongRooms(): unknown[] {
  return [
    undefined,
    null,
    7,
    true,
    [],
    ["lobby"],
    {},
    { room: "lobby" },
    "",
    "Lobby",
    "lobby ",
    "}",
    "a}{b",
    "*",
    "로비",
    "__proto__",
    "../lobby",
    "a".repeat(65),
  ];
}

const notAnObject = [null, [], [{}], "lobby", "", 7, true, {}];
const isEqual = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
const badRequest = { ok: false, error: { code: "bad_request", retryable: false } };

/** Runs `act` beside a witness: a visitor that must notice nothing, and be served as before. */
async function withWitness(
  replica: Replica,
  connect: Connect,
  misbehave: (visitor: WireVisitor) => Promise<void>,
): Promise<void> {
  const witness = await connect({ url: replica.url });
  await witness.join("lobby");
  const visitor = await connect({ url: replica.url });
  await visitor.join("lobby");
  await witness.waitFor("both joins", () => witness.log("lobby").entries.length === 2);
  const before = witness.events.length;
  await misbehave(visitor);
  const { seq } = await witness.say("lobby", "all is well");
  await witness.entry("lobby", (entry) => entry.seq === seq);
  expect(
    witness.events.slice(before).map(({ name }) => name),
    "the witness received an event",
  ).toEqual(["feed:appended"]);
  expect(seq, "no entry was added to the feed").toBe(3);
  expect(witness.socket.connected).toBe(true);
  expect(replica.isRunning()).toBe(true);
  expect(replica.output()).not.toMatch(/unhandled|uncaught|TypeError/i);
}

test("[W-5] every command refuses every wrong shape as bad_request, and the connection goes on", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica({ RATE_LIMITS: "off" });
  await withWitness(replica, connect, async (visitor) => {
    for (const [name, { good, wrong }] of Object.entries(commands)) {
      for (const input of notAnObject.filter((each) => !isEqual(each, good)))
        expect(await visitor.askRaw(name, input), `${name} ${JSON.stringify(input)}`).toMatchObject(
          badRequest,
        );
      expect(await visitor.askRaw(name), `${name} with nothing`).toMatchObject(badRequest);
      expect(await visitor.askRaw(name, good, "and more"), `${name} with more`).toMatchObject(badRequest);
      for (const [field, values] of Object.entries(wrong))
        for (const value of values) {
          const ack = await visitor.askRaw(name, { ...good, [field]: value });
          expect(ack, `${name} ${field} ${JSON.stringify(value)}`).toMatchObject(badRequest);
        }
    }
    expect(visitor.socket.connected).toBe(true);
  });
});

test("[W-5] [C-6] names such as __proto__ are ordinary room ids, and have no effect as fields", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica({ RATE_LIMITS: "off" });
  await withWitness(replica, connect, async (visitor) => {
    for (const room of ["constructor", "tostring", "prototype", "hasownproperty"])
      expect(await visitor.askRaw("room:join", { room })).toMatchObject({
        error: { code: "room_not_found" },
      });
    for (const name of ["constructor", "__proto__", "toString", "hasOwnProperty"])
      expect(await visitor.askRaw(name, {}), name).toMatchObject(badRequest);
    const poisoned = JSON.parse(
      '{"room":"lobby","limit":1,"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}',
    );
    const ack: Ack & { admin?: unknown } = await visitor.askRaw("history:read", poisoned);
    expect(ack.ok).toBe(true);
    expect(JSON.stringify(ack)).not.toContain("admin");
  });
});

test("[W-5] a command without a callback, and an unknown event with or without one, do no harm", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica({ RATE_LIMITS: "off" });
  await withWitness(replica, connect, async (visitor) => {
    for (const name of Object.keys(commands))
      for (const input of [null, 7, {}, [], { room: "lobby" }]) visitor.socket.emit(name, input);
    for (const name of ["message:send", "no:such", ""]) visitor.socket.emit(name);
    const unknown = [
      "no:such",
      "",
      "error",
      "message",
      "ping",
      "close",
      "data",
      "session:started",
      "feed:appended",
      "room:join ",
    ];
    for (const name of unknown) {
      visitor.socket.emit(name, { room: "lobby" });
      visitor.socket.emit(name);
      expect(await visitor.askRaw(name, { room: "lobby" }), `"${name}"`).toMatchObject(badRequest);
    }
    expect(
      (await visitor.askRaw("history:read", { room: "lobby", limit: 1 })).ok,
      "it is served as before",
    ).toBe(true);
  });
});
