import { setImmediate as turn } from "node:timers/promises";
import { Heartbeats } from "../../server/gateway/heartbeats";
import { ping } from "../../server/gateway/raw-socket";
import { expect, test } from "../support/plain-test";
import { FakeClock } from "./fake-clock";
import { connected } from "./memory-socket";

const intervalMs = 8_000;
const pingFrame = "\x81\x012";

type Connected = Awaited<ReturnType<typeof connected>>;

const pingsOf = ({ stream }: Connected) => stream.text.split(pingFrame).length - 1;

function setUp() {
  const clock = new FakeClock();
  const heartbeats = new Heartbeats(clock, intervalMs);
  const connect = async () => {
    const made = await connected();
    heartbeats.take(made.socket.conn);
    return made;
  };
  return { clock, connect };
}

async function pong({ stream, socket }: Connected): Promise<void> {
  const heard = new Promise((resolve) => socket.conn.once("heartbeat", () => resolve(true)));
  stream.hand("3");
  await heard;
  // Until the ping before is known to be written, another one waits.
  await turn();
}

test("[N-2] connections of which a pong came within half a second are pinged together, each within the interval", async () => {
  const { clock, connect } = setUp();
  const one = await connect();
  clock.advance(400);
  const other = await connect();
  clock.advance(100);
  const later = await connect();
  const all = [one, other, later];
  clock.advance(intervalMs - 501);
  expect(all.map(pingsOf)).toEqual([0, 0, 0]);
  clock.advance(1);
  expect(all.map(pingsOf)).toEqual([1, 1, 0]);
  clock.advance(500);
  expect(all.map(pingsOf)).toEqual([1, 1, 1]);
  await pong(other);
  clock.advance(intervalMs - 1);
  expect(all.map(pingsOf)).toEqual([1, 1, 1]);
  clock.advance(1);
  expect(all.map(pingsOf), "the others have not answered yet").toEqual([1, 2, 1]);
  for (const { io } of all) await io.close();
});

test("[N-2] the pong of a ping beside puts the next one off, and a connection that has ended is pinged no more", async () => {
  const { clock, connect } = setUp();
  const [busy, ended] = [await connect(), await connect()];
  clock.advance(4_000);
  ping(busy.socket);
  await pong(busy);
  ended.stream.destroy();
  await ended.io.close();
  clock.advance(4_000);
  expect(pingsOf(busy), "only the one beside").toBe(1);
  clock.advance(4_000);
  expect(pingsOf(busy)).toBe(2);
  expect(pingsOf(ended)).toBe(0);
  await busy.io.close();
});
