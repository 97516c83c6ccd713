import { Redis } from "ioredis";
import {
  millisecondsOf,
  type StoreCommand,
  type StoreOutcome,
  type StoreServer,
  type StoreStep,
} from "./connection";
import { gatherWrites } from "./gather-writes";

/** The connection for commands to one Redis. */
export class ServerConnection extends Redis {
  private readonly gather = gatherWrites(this);

  override sendCommand(...args: Parameters<Redis["sendCommand"]>): unknown {
    // The constructor of Redis sends commands before this field is there.
    this.gather?.();
    return super.sendCommand(...args);
  }

  async askAll(steps: readonly StoreStep[]): Promise<StoreOutcome[]> {
    const commands = steps.flatMap((step): StoreCommand[] =>
      step.length === 1 ? [...step] : [["multi"], ...step, ["exec"]],
    );
    const outcomes = await this.ask(commands).catch((error: Error): StoreOutcome[] =>
      commands.map(() => [error, undefined]),
    );
    let next = 0;
    return steps.map((step) => {
      const count = step.length === 1 ? 1 : step.length + 2;
      next += count;
      return step.length === 1
        ? (outcomes[next - 1] ?? unanswered)
        : together(outcomes.slice(next - count, next));
    });
  }

  servers(): StoreServer[] {
    return [serverOf(this)];
  }

  async now(): Promise<number> {
    return millisecondsOf(await this.time());
  }

  private async ask([first, ...others]: readonly StoreCommand[]): Promise<StoreOutcome[]> {
    if (first === undefined) return [];
    if (others.length === 0) return [[null, await this.call(...first)]];
    const pipeline = this.pipeline().call(...first);
    for (const command of others) pipeline.call(...command);
    return (await pipeline.exec()) ?? [];
  }
}

/** The server at the other end of this connection: Sentinels may have led to another one than it was made for. */
export function serverOf(redis: Redis): StoreServer {
  const { host, port, sentinels } = redis.options;
  const { remoteAddress, remotePort } = redis.stream ?? {};
  return {
    address: sentinels ? `${remoteAddress}:${remotePort}` : `${host}:${port}`,
    info: (section) => (section === undefined ? redis.info() : redis.info(section)),
    now: async () => millisecondsOf(await redis.time()),
  };
}

const unanswered: StoreOutcome = [new Error("the store did not answer"), undefined];

/** The outcome of a transaction. If Redis drops it, the command that it refused says why. */
function together(outcomes: readonly StoreOutcome[]): StoreOutcome {
  const refusal = outcomes.find(([error]) => error !== null)?.[0];
  const replies = outcomes.at(-1)?.[1];
  if (refusal) return [refusal, undefined];
  if (!Array.isArray(replies)) return unanswered;
  const failure = replies.find((reply) => reply instanceof Error);
  return failure === undefined ? [null, replies] : [failure as Error, undefined];
}
