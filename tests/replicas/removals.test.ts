import type { ClientMessageId, Entry } from "../../protocol/events";
import { expect, test } from "../support/fixtures";
import { resume } from "../support/moving-visitor";
import type { Replica } from "../support/replica";
import { historyOf, toldTo } from "../support/told";
import type { WireVisitor } from "../support/wire-visitor";

const pair = (replicas: Replica[]) => replicas as [Replica, Replica];
const secret = "a word too many";

test("[C-1] [F-1] after message:remove members are told once, and joins, resumes and reads find no text", async ({
  startReplicas,
  connect,
}) => {
  const [one, other] = pair(await startReplicas(2, { RATE_LIMITS: "off" }));
  const [author, witness, away, gone] = await Promise.all([
    connect({ url: one.url }),
    connect({ url: other.url }),
    connect({ url: other.url }),
    connect({ url: other.url }),
  ]);
  for (const visitor of [author, witness, away, gone]) await visitor.join("lobby");
  gone.vanish();
  const clientMessageId: ClientMessageId = "a-message-to-remove";
  const receipt = await author.say("lobby", secret, clientMessageId);
  await away.entry("lobby", ({ seq }) => seq === receipt.seq);
  away.vanish();
  await author.say("lobby", "more");

  expect(await author.must("message:remove", { room: "lobby", seq: receipt.seq })).toEqual({ ok: true });
  const removal = await witness.entry("lobby", ({ kind }) => kind === "removal");
  expect(removal).toMatchObject({ seq: receipt.seq + 2, targets: [receipt.seq] });
  const removed = { seq: receipt.seq, at: receipt.at, kind: "removed" };
  expect(await historyOf(witness)).toContainEqual(removed);

  // `back` has seen the message and gets its removal; `late` has not seen it and gets the entry without a text.
  const back = await connect({ url: one.url, token: away.token });
  expect((await resume(back, "lobby", away.log("lobby").cursor)).entries).toContainEqual(removal);
  const late = await connect({ url: other.url, token: gone.token });
  expect((await resume(late, "lobby", gone.log("lobby").cursor)).entries).toContainEqual(removed);
  const fresh = await connect({ url: one.url });
  expect((await fresh.join("lobby")).entries).toContainEqual(removed);
  for (const visitor of [late, fresh, back]) {
    await historyOf(visitor);
    expect(toldTo(visitor)).not.toContain(secret);
    expect(visitor.log("lobby").faults).toEqual([]);
  }

  // A late retry of the removed message does not store it again.
  expect(await author.say("lobby", secret, clientMessageId)).toMatchObject(receipt);
  await author.must("message:remove", { room: "lobby", seq: receipt.seq });
  const end = await author.say("lobby", "the end");
  expect(end.seq - removal.seq).toBeLessThanOrEqual(5); // The joins and leaves of the visitors that came back, and this message.
  await witness.entry("lobby", ({ seq }) => seq === end.seq);
  expect(witness.log("lobby").entries.filter(({ kind }) => kind === "removal")).toHaveLength(1);
});

test("[W-6] only a message's author and the room's owner may remove it; refusals come in their order and change nothing", async ({
  startReplicas,
  connect,
}) => {
  const [one, other] = pair(await startReplicas(2, { RATE_LIMITS: "off" }));
  const [owner, author, stranger] = await Promise.all([
    connect({ url: one.url }),
    connect({ url: other.url }),
    connect({ url: one.url }),
  ]);
  const { room } = await owner.must("room:create", { title: "Tea" });
  const refusal = async (visitor: WireVisitor, seq: number, id = room.id) => {
    const ack = await visitor.ask("message:remove", { room: id, seq });
    return ack.ok ? "ok" : ack.error.code;
  };
  await author.join(room.id);
  const { seq } = await author.say(room.id, secret);
  expect(await refusal(stranger, seq, "no-such-room")).toBe("room_not_found");
  for (const visitor of [stranger, owner]) expect(await refusal(visitor, seq)).toBe("not_joined");
  await stranger.join(room.id);
  await owner.join(room.id);
  expect(await refusal(stranger, seq)).toBe("forbidden");
  for (const visitor of [stranger, author, owner])
    for (const wrong of [1, 99_999, Number.MAX_SAFE_INTEGER])
      expect(await refusal(visitor, wrong)).toBe("bad_request");
  const { seq: last } = await stranger.say(room.id, "still there");
  await author.entry(room.id, (entry) => entry.seq === last);
  expect(author.log(room.id).entries.filter(({ kind }) => kind === "removal")).toEqual([]);
  expect(await refusal(owner, seq)).toBe("ok");
  await stranger.entry(room.id, (entry) => entry.kind === "removal" && entry.targets[0] === seq);
  expect(await refusal(author, seq)).toBe("ok");
  expect(await refusal(stranger, seq)).toBe("forbidden");
});

test("[F-1] when two replicas talk and remove at once, all members have one feed without the removed texts", async ({
  startReplicas,
  connect,
}) => {
  const replicas = pair(await startReplicas(2, { RATE_LIMITS: "off" }));
  const writers = await Promise.all(replicas.map(({ url }) => connect({ url })));
  for (const writer of writers) await writer.join("lobby");
  const removedTexts: string[] = [];
  const talk = async (writer: WireVisitor) => {
    for (let index = 0; index < 100; index += 1) {
      const text = `${writer.id} ${index}.`;
      const { seq } = await writer.say("lobby", text);
      if (index % 3 !== 0) continue;
      removedTexts.push(text);
      await writer.must("message:remove", { room: "lobby", seq });
    }
  };
  await Promise.all(writers.map(talk));
  const { seq: end } = await (writers[0] as WireVisitor).say("lobby", "the end");
  for (const writer of writers) {
    await writer.entry("lobby", ({ seq }) => seq === end);
    expect(writer.log("lobby").faults).toEqual([]);
    const removals = writer.log("lobby").entries.filter(({ kind }) => kind === "removal");
    expect(removals).toHaveLength(removedTexts.length);
  }
  const reader = await connect({ url: replicas[1].url });
  await reader.join("lobby");
  const entries: Entry[] = [];
  for (let more = true; more; ) {
    const after = entries.at(-1)?.seq ?? 0;
    const page = await reader.must("history:read", { room: "lobby", after, limit: 50 });
    entries.push(...page.entries);
    ({ more } = page);
  }
  expect(entries.slice(0, end).map(({ seq }) => seq)).toEqual(
    Array.from({ length: end }, (_, index) => index + 1),
  );
  const texts = entries.flatMap((entry) => (entry.kind === "message" ? [entry.text] : []));
  expect(texts).toHaveLength(200 - removedTexts.length + 1);
  expect(texts.filter((text) => removedTexts.includes(text))).toEqual([]);
});
