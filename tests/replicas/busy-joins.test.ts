import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "../support/fixtures";
import { resume } from "../support/moving-visitor";
import type { Replica } from "../support/replica";
import type { WireVisitor } from "../support/wire-visitor";

const writerCount = 4;
/** Each writer waits this long between two messages; together they send 500 a second. */
const pauseMs = 8;
const perSecond = (writerCount * 1_000) / pauseMs;
/** For each writer: on a machine that is too slow for the pace, messages must not pile up. */
const mostUnanswered = 50;
const crowd = 24;

test("[C-1] [F-1] while 500 messages a second pass, joining and resuming clients miss no entry and get none twice", async ({
  startReplicas,
  connect,
}) => {
  test.setTimeout(180_000);
  const replicas = (await startReplicas(2, { RATE_LIMITS: "off" })) as [Replica, Replica];
  const urlOf = (number: number) => (replicas[number % 2] as Replica).url;
  const join = async (number: number) => {
    const visitor = await connect({ url: urlOf(number) });
    await visitor.join("lobby");
    return visitor;
  };
  const writers = await Promise.all(Array.from({ length: writerCount }, (_, number) => join(number)));
  let isOver = false;
  let said = 0;
  const begunAt = performance.now();
  const talk = writers.map(async (writer, place) => {
    const receipts: Promise<unknown>[] = [];
    let answered = 0;
    for (let number = 0; !isOver; number += 1) {
      const settled = () => {
        answered += 1;
      };
      // A message that the busy store refused was not stored, so no member misses it.
      receipts.push(writer.say("lobby", `${place}: ${number}`).then(settled, settled));
      said += 1;
      while (number - answered > mostUnanswered && !isOver) await pause(pauseMs);
      // Send all that are due by now: on a busy machine a pause takes longer than asked.
      if (said * 1_000 > perSecond * (performance.now() - begunAt)) await pause(pauseMs);
    }
    await Promise.all(receipts);
  });
  const [witness] = writers as [WireVisitor];
  const visit = async (number: number) => {
    const visitor = await join(number);
    const goal = witness.log("lobby").entries.length + 300;
    await witness.waitFor("more talk", () => witness.log("lobby").entries.length > goal, 30_000);
    return visitor;
  };
  const resumeElsewhere = async (number: number) => {
    const before = await visit(number);
    before.vanish();
    const { cursor } = before.log("lobby");
    const goal = cursor.seq + 100 * (1 + (number % 4));
    await witness.waitFor("talk while it is away", () => witness.log("lobby").cursor.seq > goal, 30_000);
    const after = await connect({ url: urlOf(number + 1), token: before.token });
    await resume(after, "lobby", cursor);
    expect(after.log("lobby").entries[0]?.seq).toBe(cursor.seq + 1);
    return [before, after];
  };
  const all = await Promise.all(
    Array.from({ length: crowd }, (_, number) => (number % 2 ? resumeElsewhere(number) : visit(number))),
  );
  isOver = true;
  await Promise.all(talk);
  const rate = said / ((performance.now() - begunAt) / 1_000);
  test.info().annotations.push({ type: "rate", description: `${rate.toFixed(0)} messages a second` });
  await witness.say("lobby", "the end");
  for (const visitor of [...all.flat(), ...writers]) {
    const log = visitor.log("lobby");
    if (visitor.socket.connected) await visitor.waitFor("the end", () => log.texts.includes("the end"));
    expect(log.faults).toEqual([]);
    expect(log.gaps).toEqual([]);
    expect(log.texts.length, "it received the talk").toBeGreaterThan(100);
  }
});
