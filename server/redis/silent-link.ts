import type { Duplex } from "node:stream";
import type { Redis } from "ioredis";

/** What the library declares for its own use only. */
type Private = {
  stream: Duplex;
  commandQueue: { length: number };
  socketTimeoutTimer: NodeJS.Timeout | undefined;
  setSocketTimeout(): void;
};

/** Long enough to read what has arrived. */
const readingMs = 100;

/**
 * Call when a client is made with a `socketTimeout`. The library cuts a link that was silent for that long. After a
 * suspension of this process its timers come due before it reads the answers that wait, so the library would cut a link
 * that is alive. Here the answers are read first.
 */
export function readsBeforeCutting<Client extends Redis>(client: Client): Client {
  const own = client as unknown as Private;
  const { socketTimeout } = client.options;
  own.setSocketTimeout = () => {
    const { stream } = own;
    const cut = () => void stream.destroy(new Error(`no answer within ${socketTimeout} ms`));
    own.socketTimeoutTimer = setTimeout(() => {
      own.socketTimeoutTimer = setTimeout(cut, readingMs);
    }, socketTimeout);
    stream.once("data", () => {
      clearTimeout(own.socketTimeoutTimer);
      own.socketTimeoutTimer = undefined;
      if (own.commandQueue.length > 0) own.setSocketTimeout();
    });
  };
  return client;
}
