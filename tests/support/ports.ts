import { randomInt } from "node:crypto";
import net from "node:net";

/**
 * Below the range from which the kernel takes local ports for outgoing connections, so these cannot collide.
 */
const lowestPort = 12_000;
const portCount = 20_000;

/** Each worker uses its own range: a free port is taken only once its server listens. */
const rangeCount = 8;
const size = portCount / rangeCount;
const first = lowestPort + (Number(process.env.TEST_PARALLEL_INDEX ?? 0) % rangeCount) * size;
let turn = randomInt(size);

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/** A loopback port on which no process listens, and that is not returned again soon. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = first + (turn++ % size);
    if (await isFree(port)) return port;
  }
}
