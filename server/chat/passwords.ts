import { randomBytes } from "node:crypto";
import { hash, verify } from "@node-rs/argon2";
import { Turnstile } from "../lib/turnstile";
import { ChatError } from "./errors";

/**
 * The least that OWASP's Password Storage Cheat Sheet asks of argon2id, which is the library's default algorithm. About
 * 20 ms and 19 MiB each, on libuv's threads and not on this one.
 */
export const argonCost = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 };

/** Half of libuv's four threads: signing tokens and reading files go on. With it no more than 38 MiB are in use. */
const atOnce = 2;
/** Those who wait longest wait for about half a second; more are told to come back. */
const mostWaiting = 40;
const busyRetryMs = 1_000;

/** Keeps of a password what it cannot be made again from. Bounded, so that asking costs everybody else nothing. */
export class Passwords {
  private readonly turnstile = new Turnstile(atOnce, mostWaiting);
  private readonly nobodys: Promise<string>;

  constructor() {
    this.nobodys = hash(randomBytes(32), argonCost);
    // Who waits for it is told; until then nobody does.
    this.nobodys.catch(() => undefined);
  }

  /** As a PHC string with its own salt. Throws ChatError("unavailable") when too many wait. */
  hash(password: string): Promise<string> {
    return this.inTurn(() => hash(password, argonCost));
  }

  /** Takes as long, and is false, when there is nothing to match. Throws ChatError("unavailable") when too many wait. */
  matches(hashed: string | undefined, password: string): Promise<boolean> {
    return this.inTurn(async () => {
      const isRight = await verify(hashed ?? (await this.nobodys), password);
      return isRight && hashed !== undefined;
    });
  }

  private async inTurn<T>(task: () => Promise<T>): Promise<T> {
    if (this.turnstile.isFull)
      throw new ChatError("unavailable", "Too many passwords at once; try again shortly.", busyRetryMs);
    return this.turnstile.pass(task);
  }
}
