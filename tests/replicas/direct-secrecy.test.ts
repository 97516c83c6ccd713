import type { Ack, ClientToServer } from "../../protocol/events";
import { directRoomOf } from "../../server/broker/direct-rooms";
import { expect, test } from "../support/fixtures";
import type { Replica } from "../support/replica";
import { longKnownToken } from "../support/settled-visitor";
import type { WireVisitor } from "../support/wire-visitor";

type Attempt = [keyof ClientToServer, object];

/** Every command that names a room, with good and bad input; `number` keeps repeats of a message apart. */
const attempts = (room: string, number: number): Attempt[] => [
  ["room:join", { room }],
  ["room:join", { room, name: "Eve" }],
  ["room:join", { room, name: "x" }],
  ["room:join", { room, cursor: { epoch: "e", seq: 1 } }],
  ["history:read", { room, limit: 50 }],
  ["history:read", { room, limit: 1, after: 0, before: 9 }],
  ["message:send", { room, text: "let me in", clientMessageId: `let-me-in-${number}` }],
  ["message:send", { room, text: "   ", clientMessageId: `blank-text-${number}` }],
  ["message:send", { room, text: "x".repeat(2_001), clientMessageId: `long-one-${number}` }],
  ["message:remove", { room, seq: 2 }],
  ["typing:set", { room, typing: true }],
  ["typing:set", { room, typing: false }],
  ["name:change", { room, name: "Eve" }],
  ["name:change", { room }],
  ["direct:read", { room, seq: 2 }],
  ["room:leave", { room }],
  ["room:close", { room }],
];

async function answersTo(visitor: WireVisitor, room: string, number: number): Promise<string[]> {
  const answers: string[] = [];
  for (const [name, input] of attempts(room, number))
    answers.push(`${name} ${JSON.stringify(await visitor.askRaw(name, input))}`);
  return answers;
}

/** An HTTP answer without the parts that change from one moment to the next. */
async function httpAnswer(replica: Replica, room: string): Promise<unknown> {
  const answer = await replica.get(`/api/rooms/${room}`);
  const { date: _, "keep-alive": __, ...headers } = Object.fromEntries(answer.headers);
  return { status: answer.status, headers, body: await answer.text() };
}

const placesOf = (memory: boolean) => (memory ? { REDIS_URL: undefined, REDIS_PREFIX: undefined } : {});

for (const kind of ["redis", "memory"])
  test(`[C-5] ${kind}: to a third visitor that tries everything, a conversation looks like a missing room, byte by byte`, async ({
    startReplica,
    connect,
  }) => {
    test.setTimeout(120_000);
    const replica = await startReplica({ RATE_LIMITS: "off", ...placesOf(kind === "memory") });
    const [ann, ben, eve, nobody] = [
      await connect({ url: replica.url }),
      await connect({ url: replica.url }),
      await connect({ url: replica.url }),
      await connect({ url: replica.url }),
    ];
    const { room } = await ann.must("direct:open", { with: ben.id });
    const [ofEve, ofOthers] = [directRoomOf(ann.id, eve.id), directRoomOf(ann.id, nobody.id)];
    for (const visitor of [ann, ben]) await visitor.join(room.id);
    const { at } = await ann.say(room.id, "the treasure is under the oak");
    for (const visitor of [ann, ben]) {
      await visitor.event("direct:changed", ({ lastEntryAt }) => lastEntryAt === at);
      await visitor.entry(room.id, (entry) => entry.at === at);
    }
    const told = [ann, ben].map(({ events }) => events.length);

    const missing = await answersTo(eve, "no-such-room", 0);
    const codes = missing.map((answer) => answer.match(/"code":"(\w+)"/)?.[1]);
    expect(new Set(codes)).toEqual(new Set(["room_not_found", "bad_request", "too_large"]));
    for (const [number, id] of [room.id, ofOthers, ofEve, "direct-", `${room.id}0`, room.id].entries())
      expect(await answersTo(eve, id, number + 1), `a missing room's answers for ${id}`).toEqual(missing);
    await eve.must("direct:open", { with: ann.id });
    expect(
      await answersTo(eve, room.id, 7),
      "even when she has a conversation of her own with one of them",
    ).toEqual(missing);
    expect(await answersTo(nobody, room.id, 8)).toEqual(
      await answersTo(nobody, ofOthers.replace("-", "-0"), 9),
    );

    const taken = (id: string) => eve.askRaw("room:create", { room: id, title: "Mine" });
    expect(await taken(room.id)).toEqual(await taken(ofOthers));
    expect(await taken(room.id)).toMatchObject({ error: { code: "bad_request" } });
    const [low, high] = [room.id.slice(7, 31), room.id.slice(31)];
    for (const spelling of [`direct-${high}${low}`, `direct-${low}`, `direct-${low}${low}`])
      expect(await answersTo(eve, spelling, 10), spelling).toEqual(missing);
    for (const spelling of [room.id.toUpperCase(), `DIRECT-${low}${high}`, ` ${room.id}`, `${room.id}\u0000`])
      expect(await eve.askRaw("room:join", { room: spelling })).toMatchObject({
        error: { code: "bad_request" },
      });
    for (const spelling of [`direct-${high}${low}`, `direct-${low}${low}`])
      expect(
        await ann.askRaw("room:join", { room: spelling }),
        "another spelling of the id does not help",
      ).toMatchObject({
        error: { code: "room_not_found" },
      });

    const gone = await httpAnswer(replica, ofOthers);
    expect(gone).toMatchObject({ status: 404 });
    expect(await httpAnswer(replica, room.id)).toEqual(gone);
    expect(await httpAnswer(replica, "no-such-room")).toEqual(gone);
    const { rooms } = await eve.must("room:list", {});
    expect(JSON.stringify(rooms)).not.toContain("direct-");
    expect((await eve.must("direct:list", {})).conversations.map((each) => each.room.id)).toEqual([ofEve]);

    const known = JSON.stringify(eve.events) + JSON.stringify(nobody.events);
    expect(known).not.toContain(room.id);
    expect(known).not.toContain("treasure");
    expect(known, "not even whether they are online").not.toContain("presence:changed");
    for (const [place, { events }] of [ann, ben].entries())
      expect(events.slice(told[place]), "the two partners notice nothing").toEqual([]);
    const { entries } = (await ann.must("history:read", { room: room.id, limit: 50 })) as Extract<
      Ack<{ entries: { kind: string }[] }>,
      { ok: true }
    >;
    expect(entries.map((entry) => entry.kind)).toEqual(["join", "join", "message"]);
    for (const visitor of [ann, ben])
      expect(await visitor.ask("room:close", { room: room.id })).toMatchObject({
        error: { code: "forbidden" },
      });
  });

test("[C-5] [W-6] with rates on, a command on others' conversation costs the same and gets the same answer as on a missing room", async ({
  shared,
  startReplica,
  connect,
}) => {
  const replica = await startReplica();
  const ann = await connect({ url: replica.url, token: await longKnownToken(shared) });
  const ben = await connect({ url: replica.url });
  const { room } = await ann.must("direct:open", { with: ben.id });
  const codesOf = async (id: string) => {
    const eve = await connect({ url: replica.url });
    const drafts = Array.from({ length: 30 }, (_, number) => ({
      room: id,
      text: "hello",
      clientMessageId: `hello-eve-${number}`,
    }));
    const acks = await Promise.all(drafts.map((draft) => eve.ask("message:send", draft)));
    return acks.map((ack) => (ack.ok ? "ok" : ack.error.code));
  };
  // How many further commands are let through depends on how long all of them take.
  for (const id of ["no-such-room", room.id]) {
    const codes = await codesOf(id);
    expect(codes.slice(0, 3), id).toEqual(Array(3).fill("room_not_found"));
    expect([...new Set(codes)], id).toEqual(["room_not_found", "rate_limited"]);
  }
});
