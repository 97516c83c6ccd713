import { randomBytes } from "node:crypto";
import { hash, verify } from "@node-rs/argon2";
import { ChatError } from "../errors";
import { Semaphore } from "../lib/semaphore";

/**
 * The minimum that OWASP's Password Storage Cheat Sheet asks of argon2id, the library's default algorithm. A hash takes
 * about 20 ms and 19 MiB, on libuv's threads and not on this one.
 */
export const argonCost = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 };

/** Half of libuv's four threads, so that signing tokens and reading files go on. At most 38 MiB are in use. */
const atOnce = 2;
/** The last in the queue waits about half a second; further requests are refused. */
const mostWaiting = 40;
const busyRetryMs = 1_000;

/** Hashes and checks passwords. Bounded, so that a rush of passwords does not slow down the rest of the chat. */
export class Passwords {
  private readonly hashing = new Semaphore(atOnce, mostWaiting);
  private readonly decoyHash: Promise<string>;

  constructor() {
    this.decoyHash = hash(randomBytes(32), argonCost);
    // A failure is reported by `matches`, which awaits this; without a handler here it would end the process before
    // that.
    this.decoyHash.catch(() => undefined);
  }

  /** Returns a PHC string with its own salt. Throws ChatError("unavailable") when too many wait. */
  hash(password: string): Promise<string> {
    return this.inTurn(() => hash(password, argonCost));
  }

  /** Without a hash it is false after the same time. Throws ChatError("unavailable") when too many wait. */
  matches(hashed: string | undefined, password: string): Promise<boolean> {
    return this.inTurn(async () => {
      const isRight = await verify(hashed ?? (await this.decoyHash), password);
      return isRight && hashed !== undefined;
    });
  }

  private async inTurn<T>(task: () => Promise<T>): Promise<T> {
    if (this.hashing.isFull)
      throw new ChatError("unavailable", "Too many passwords at once; try again shortly.", busyRetryMs);
    return this.hashing.run(task);
  }
}
