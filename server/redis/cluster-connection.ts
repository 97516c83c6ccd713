import { Cluster, type ClusterOptions, type Redis, Command as RedisCommand } from "ioredis";
import type { Server } from "./address";
import type { StoreCommand, StoreOutcome, StoreServer, StoreStep } from "./connection";
import { millisecondsOf } from "./connection";
import { survivesCutHandshakes } from "./cut-handshakes";
import { gatherWrites } from "./gather-writes";
import { defineScript } from "./script";
import { serverOf } from "./server-connection";
import { readsBeforeCutting } from "./silent-link";
import { mendMapOf } from "./slot-ranges";

/**
 * How often the map of the slots is read anew. A primary that hangs keeps its connections, so nothing else shows that
 * another server has its slots.
 */
const mapReadEachMs = 2_000;
/** The slot of this tag has the server whose clock counts. All presence is in the same one (keys.ts). */
const clockTag = "{@presence}:clock";

/** What the library declares for its own use only. */
type Private = {
  readyCheck(done: (error?: Error | null, badState?: string) => void): void;
};

/** The options of each server's connection. */
type NodeOptions = Omit<NonNullable<ClusterOptions["redisOptions"]>, "replyMapping">;

/** `host:port` */
export type NodeName = string;

/**
 * The connections for commands to a cluster's primaries. A command whose outcome is unknown is never sent again, which the
 * library does by itself when `retryDelayOnFailover` is above 0.
 */
export class ClusterConnection extends Cluster {
  private isPartAway = false;
  private readonly tellTime: () => Promise<unknown>;

  constructor(
    servers: readonly Server[],
    redisOptions: NodeOptions,
    { prefix, retryDelayMs }: { prefix: string; retryDelayMs: (attempt: number) => number },
  ) {
    super([...servers], {
      redisOptions,
      clusterRetryStrategy: retryDelayMs,
      retryDelayOnFailover: 0,
      retryDelayOnClusterDown: 0,
      slotsRefreshInterval: mapReadEachMs,
      // Otherwise the first servers are asked by their addresses, and a certificate is mostly for a name.
      dnsLookup: (host, done) => done(null, host),
    });
    const clock = defineScript(this, { name: "clock", lua: "return redis.call('TIME')" });
    // The key only leads there. It has the prefix, because the user of the store may name no others.
    this.tellTime = () => clock([prefix + clockTag], []);
    this.on("+node", (node: Redis) => {
      const { duplicate, sendCommand } = node;
      // The map is read over a copy, of whose failure the library tells only that its connection is closed.
      node.duplicate = (...args) =>
        survivesCutHandshakes(duplicate.apply(node, args)).on("error", (error: Error) =>
          this.emit("node error", error, `${node.options.host}:${node.options.port}`),
        );
      readsBeforeCutting(survivesCutHandshakes(node));
      const gather = gatherWrites(node);
      node.sendCommand = (...args: Parameters<Redis["sendCommand"]>) => {
        gather();
        return sendCommand.apply(node, args);
      };
      mendMapOf(node);
      node.on("ready", () => this.resume());
    });
    this.on("-node", () => {
      this.isPartAway = true;
    });
    this.tellWhyNotReady();
  }

  /** Fails at once while the cluster is away. A command to a server that is being connected waits, no longer than its time-out. */
  override sendCommand(...[command, ...rest]: Parameters<Cluster["sendCommand"]>): unknown {
    if (this.status === "ready" || command.name === "cluster") return super.sendCommand(command, ...rest);
    command.reject(new Error("the cluster is away"));
    return command.promise;
  }

  /** The server that has the key's slot, as far as this client knows. */
  nodeOf(key: string): NodeName | undefined {
    const slot = new RedisCommand("get", [key]).getSlot();
    return slot === null ? undefined : this.slots[slot]?.[0];
  }

  askAll(steps: readonly StoreStep[]): Promise<StoreOutcome[]> {
    return Promise.all(
      steps.map(async (step): Promise<StoreOutcome> => {
        try {
          const [first] = step;
          return [null, step.length === 1 && first ? await this.ask(first) : await this.transact(step)];
        } catch (error) {
          return [error as Error, undefined];
        }
      }),
    );
  }

  servers(): StoreServer[] {
    return this.nodes("master").map(serverOf);
  }

  async now(): Promise<number> {
    return millisecondsOf((await this.tellTime()) as string[]);
  }

  /** The library says of a cluster whose check fails that it connects, again and again, and never why it does not. */
  private tellWhyNotReady(): void {
    const own = this as unknown as Private;
    const check = own.readyCheck.bind(this);
    own.readyCheck = (done) =>
      check((error, badState) => {
        const failure =
          error ?? (badState === undefined ? undefined : new Error(`cluster_state:${badState}`));
        if (failure !== undefined) this.emit("node error", failure);
        done(error, badState);
      });
  }

  /** A lost server is back, or another one has taken its place. */
  private resume(): void {
    if (!this.isPartAway || this.status !== "ready") return;
    this.isPartAway = false;
    this.emit("ready");
  }

  private ask(command: StoreCommand): Promise<unknown> {
    return command[0] === "time" ? this.tellTime() : this.call(...command);
  }

  private async transact(step: StoreStep): Promise<unknown[]> {
    if (this.status !== "ready") throw new Error("the cluster is away");
    const transaction = this.multi();
    for (const command of step) transaction.call(...command);
    const outcomes = await transaction.exec().catch((error: Error & { previousErrors?: Error[] }) => {
      // The command that was refused says why.
      throw error.previousErrors?.[0] ?? error;
    });
    return (outcomes ?? []).map(([error, reply]) => {
      if (error !== null) throw error;
      return reply;
    });
  }
}
