import { randomInt } from "node:crypto";
import net from "node:net";

/** Below the range from which the kernel takes the near end of outgoing connections: those cannot get in between. */
const lowestPort = 12_000;
const portCount = 20_000;

/** Workers draw from ranges of their own: a port that one has found free is taken only when its server listens. */
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

/** A loopback port that nobody listens on, and that nobody is given again soon. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = first + (turn++ % size);
    if (await isFree(port)) return port;
  }
}
