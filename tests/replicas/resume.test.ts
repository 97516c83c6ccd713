import { expect, test } from "../support/fixtures";
import type { Replica } from "../support/replica";

/** Far longer than a delivery takes, and shorter than Engine.IO's ping interval: a ping would push a stuck packet along. */
const promptMs = 4_000;

const two = (replicas: Replica[]): [Replica, Replica] => replicas as [Replica, Replica];

test("[fault 8] [C-1] a client that resumes gets each message that it missed once", async ({
  startReplicas,
  connect,
}) => {
  const [one, other] = two(await startReplicas(2, { RATE_LIMITS: "off" }));
  const speaker = await connect({ url: other.url });
  await speaker.join("lobby");
  const away = await connect({ url: one.url });
  await away.join("lobby");
  await speaker.say("lobby", "before");
  await away.entry("lobby", (entry) => entry.kind === "message");
  const { token } = away;
  const { cursor } = away.log("lobby");
  away.vanish();
  for (const text of ["one", "two", "three"]) await speaker.say("lobby", text);

  const back = await connect({ url: other.url, token });
  expect(back.id).toBe(away.id);
  const { entries, gap } = await back.join("lobby", cursor);
  expect(gap).toBeUndefined();
  expect(entries.map(({ seq }) => seq)).toEqual([1, 2, 3].map((step) => cursor.seq + step));
  expect(back.log("lobby").texts).toEqual(["one", "two", "three"]);
  await speaker.say("lobby", "four");
  await back.waitFor("the next", () => back.log("lobby").texts.length === 4);
  expect(back.log("lobby").texts).toEqual(["one", "two", "three", "four"]);
  expect(back.log("lobby").entries.map(({ kind }) => kind)).not.toContain("join");
});

test("[fault 8] [C-1] [F-0] after a trim a gap names the missing entries", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica({ HISTORY_LIMIT: "20", RATE_LIMITS: "off" });
  const [speaker, away] = await Promise.all([connect({ url: replica.url }), connect({ url: replica.url })]);
  await speaker.join("lobby");
  await away.join("lobby");
  const { cursor } = away.log("lobby");
  const { token } = away;
  away.vanish();
  for (let number = 0; number < 300; number += 1) await speaker.say("lobby", `${number}`);

  const back = await connect({ url: replica.url, token });
  const { entries, gap, cursor: now } = await back.join("lobby", cursor);
  const first = entries[0]?.seq ?? Number.NaN;
  expect(gap).toEqual({ from: cursor.seq + 1, to: first - 1, reason: "trimmed" });
  expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, place) => first + place));
  expect(entries.length).toBeLessThanOrEqual(50);
  expect(entries.at(-1)?.seq).toBe(now.seq);
  // On a busy machine a leave may follow.
  expect(entries).toContainEqual(expect.objectContaining({ kind: "message", text: "299" }));
});

test("[C-1] [F-0] a client with a cursor of an earlier epoch gets the newest page and a gap with the reason reset", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica();
  const visitor = await connect({ url: replica.url });
  await visitor.join("lobby");
  await visitor.say("lobby", "hello");
  const again = await connect({ url: replica.url, token: visitor.token });
  const { entries, gap } = await again.join("lobby", { epoch: "of-another-time", seq: 7 });
  expect(gap).toEqual({ from: 1, to: 1, reason: "reset" });
  expect(entries.map(({ seq }) => seq)).toEqual([1, 2]);
});

test("[C-1] after a long absence all missed entries come in order, even if they need more than one answer", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica({ RATE_LIMITS: "off" });
  const [speaker, away] = await Promise.all([connect({ url: replica.url }), connect({ url: replica.url })]);
  await speaker.join("lobby");
  await away.join("lobby");
  const { cursor } = away.log("lobby");
  away.vanish();
  const texts = Array.from({ length: 1_200 }, (_, number) => `${number}`);
  // No need to wait for each: the server carries out the commands of a connection in their order.
  for (let first = 0; first < texts.length; first += 300)
    await Promise.all(texts.slice(first, first + 300).map((text) => speaker.say("lobby", text)));

  const back = await connect({ url: replica.url, token: away.token });
  const { entries } = await back.join("lobby", cursor);
  expect(entries).toHaveLength(500);
  const last = speaker.say("lobby", "live");
  await back.waitFor("the live one", () => back.log("lobby").texts.includes("live"));
  await last;
  expect(back.log("lobby").texts).toEqual([...texts, "live"]);
});

test("[C-1] joining while others write leaves no hole and no repeat between the answer and the events", async ({
  startReplicas,
  connect,
}) => {
  const replicas = two(await startReplicas(2, { RATE_LIMITS: "off" }));
  const speakers = await Promise.all(replicas.map(({ url }) => connect({ url })));
  await Promise.all(speakers.map((speaker) => speaker.join("lobby")));
  let isOver = false;
  const talk = speakers.map(async (speaker, place) => {
    for (let number = 0; !isOver; number += 1) await speaker.say("lobby", `${place}: ${number}`);
  });
  const joiners = [];
  for (let number = 0; number < 10; number += 1) {
    const joiner = await connect({ url: (replicas[number % 2] as Replica).url });
    await joiner.join("lobby");
    joiners.push(joiner);
  }
  isOver = true;
  await Promise.all(talk);
  const [speaker] = speakers;
  const { seq } = (await speaker?.say("lobby", "the end")) ?? { seq: 0 };
  for (const visitor of [...joiners, ...speakers]) {
    await visitor.entry("lobby", (entry) => entry.seq === seq, promptMs);
    expect(visitor.log("lobby").faults).toEqual([]);
  }
});

test("[C-2] a message sent again is stored once, over any replica, even after it was read", async ({
  startReplicas,
  connect,
}) => {
  const [one, other] = two(await startReplicas(2, { RATE_LIMITS: "off" }));
  const sender = await connect({ url: one.url });
  await sender.join("lobby");
  const twin = await connect({ url: other.url, token: sender.token });
  await twin.join("lobby");
  const send = () => [sender.say("lobby", "once", "one-and-only"), twin.say("lobby", "once", "one-and-only")];
  const receipts = await Promise.all([...send(), ...send()]);
  receipts.push(await twin.say("lobby", "another text", "one-and-only"));
  for (const receipt of receipts) expect(receipt).toEqual(receipts[0]);
  await sender.say("lobby", "after");
  for (const visitor of [sender, twin]) {
    await visitor.waitFor("the next", () => visitor.log("lobby").texts.includes("after"));
    expect(visitor.log("lobby").texts).toEqual(["once", "after"]);
  }
  const stranger = await connect({ url: one.url });
  await stranger.join("lobby");
  const receipt = await stranger.say("lobby", "mine", "one-and-only");
  expect(receipt.seq, "another visitor may use the same id").toBeGreaterThan(
    (receipts[0] as { seq: number }).seq,
  );
});

test("[C-2] a retry whose cursor is of another epoch is refused as expired and not stored", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica();
  const visitor = await connect({ url: replica.url });
  const { cursor } = await visitor.join("lobby");
  const late = {
    room: "lobby",
    clientMessageId: "a-late-retry",
    text: "late",
    since: { ...cursor, epoch: "old" },
  };
  expect(await visitor.ask("message:send", late)).toMatchObject({
    ok: false,
    error: { code: "expired", retryable: false },
  });
  const inTime = { room: "lobby", clientMessageId: "a-retry-in-time", text: "in time", since: cursor };
  expect(await visitor.ask("message:send", inTime)).toMatchObject({ ok: true });
  await visitor.waitFor("the one in time", () => visitor.log("lobby").texts.length > 0);
  expect(visitor.log("lobby").texts).toEqual(["in time"]);
});
