import pino from "pino";
import { connectToServer } from "../../server/redis/clients";
import type { ServerConnection } from "../../server/redis/server-connection";
import { until } from "../support/until";
import { expect, test } from "./brokers";

/** Node's end of a socket: each call is one write to the kernel. */
type Handle = Record<string, (...args: unknown[]) => unknown>;
const writes = ["writev", "writeBuffer", "writeUtf8String", "writeLatin1String", "writeAsciiString"];

/** Counts the writes of the present connection from now on. */
function countWrites(redis: ServerConnection): { count: number } {
  const { _handle: handle } = (redis as unknown as { stream: { _handle: Handle } }).stream;
  const counted = { count: 0 };
  for (const name of writes) {
    const write = handle[name];
    if (write === undefined) continue;
    handle[name] = (...args) => {
      counted.count += 1;
      return write.apply(handle, args);
    };
  }
  return counted;
}

test("the commands of one turn go out in one write, in order, over a new connection, too", async ({
  redis,
  prefix,
}) => {
  const clients = connectToServer(redis.url, pino({ level: "silent" }));
  const stream = `${prefix}turn`;
  for (const round of [1, 2]) {
    await until("a connection", () => clients.redis.status === "ready");
    await clients.redis.ping();
    const counted = countWrites(clients.redis);
    await Promise.all(
      Array.from({ length: 10 }, (_, number) => clients.redis.xadd(stream, "*", "n", number)),
    );
    expect(counted.count).toBe(1);
    const entries = await clients.redis.xrange(stream, "-", "+");
    expect(entries.map(([, [, number]]) => number)).toEqual(
      Array.from({ length: 10 * round }, (_, index) => String(index % 10)),
    );
    clients.redis.disconnect(true);
    await until("the end of the connection", () => clients.redis.status !== "ready");
  }
  await clients.close();
});
