import type { Replica } from "../tests/support/replica";
import { until } from "../tests/support/until";
import { connectVisitor, type WireVisitor } from "../tests/support/wire-visitor";
import { atPace, type Load } from "./pace";

/** Visitors on each of the two replicas; one on the first speaks, all on the second listen. */
export const visitorsEach = 10;

async function enter(url: string): Promise<WireVisitor> {
  const visitor = await connectVisitor({ url });
  await visitor.join("lobby");
  return visitor;
}

const crowd = (url: string) => Promise.all(Array.from({ length: visitorsEach }, () => enter(url)));

/** From `emit` on one replica's connection to the event on each connection of the other. */
export async function measureWire(from: Replica, to: Replica, load: Load): Promise<number[]> {
  const speakers = await crowd(from.url);
  const listeners = await crowd(to.url);
  const latencies: number[] = [];
  for (const listener of listeners)
    listener.socket.on("feed:appended", ({ entries }: { entries: { text?: string }[] }) => {
      const now = performance.now();
      for (const { text = "" } of entries) {
        const [, sentAt] = /^\d+ ([\d.]+)$/.exec(text) ?? [];
        if (sentAt !== undefined) latencies.push(now - Number(sentAt));
      }
    });
  let failures = 0;
  await atPace(load, (number) => {
    const speaker = speakers[Math.abs(number) % visitorsEach] as WireVisitor;
    speaker.say("lobby", `${number} ${performance.now()}`).catch(() => {
      failures += 1;
    });
  });
  const expected = load.seconds * load.rate * visitorsEach;
  await until("all messages", () => latencies.length >= expected);
  for (const visitor of [...speakers, ...listeners]) {
    if (visitor.log("lobby").faults.length > 0) throw new Error(visitor.log("lobby").faults.join("\n"));
    visitor.close();
  }
  if (failures > 0) throw new Error(`${failures} messages were refused`);
  return latencies;
}
