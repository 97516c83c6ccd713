import { type Movable, Rebalancing } from "../../server/gateway/rebalancing";
import type { Logger } from "../../server/lib/logger";
import { Random } from "../chaos/random";
import { HandClock } from "../contract/hand-clock";
import { settle } from "./fake-environment";

/** The intervals of server/gateway/rebalancing.ts. */
export const roundMs = 10_000;

export class FakeConnection implements Movable {
  readonly backlog = { isSlow: false };
  /** For each request to move: within how many milliseconds. */
  readonly asked: number[] = [];

  constructor(private readonly moves: (connection: FakeConnection) => void = () => undefined) {}

  askToMove(afterMs: number): void {
    this.asked.push(afterMs);
    this.moves(this);
  }
}

/** Replicas that tell each other how many connections they have, on one clock. */
export class FakeReplicas {
  readonly clock = new HandClock();
  readonly all: FakeReplica[] = [];
  readonly loads = new Map<FakeReplica, number>();

  constructor(readonly random = new Random(1)) {}

  /** `landing` chooses where a client goes, at once, when it is asked to move; without it clients stay. */
  add(connections: number, landing?: (home: FakeReplica) => FakeReplica): FakeReplica {
    const replica = new FakeReplica(this, landing);
    this.all.push(replica);
    replica.admit(connections);
    replica.rebalancing.start();
    return replica;
  }

  async rounds(count: number): Promise<void> {
    // The first round begins with the replica, and the next one waits for its end.
    await settle();
    for (let round = 0; round < count; round += 1) {
      this.clock.skip(roundMs);
      this.clock.tick(roundMs);
      await settle();
    }
  }

  get counts(): number[] {
    return this.all.map(({ connections }) => connections.length);
  }

  get asked(): number {
    return this.all.reduce((sum, { asked }) => sum + asked, 0);
  }
}

export class FakeReplica {
  connections: FakeConnection[] = [];
  isReachable = true;
  /** Called before the store answers. */
  meanwhile: () => void | Promise<void> = () => undefined;
  /** The number that the metric shows. */
  asked = 0;
  readonly logged: unknown[] = [];
  readonly told: (number | "withdrawn")[] = [];
  readonly rebalancing: Rebalancing;

  constructor(
    group: FakeReplicas,
    private readonly landing?: (home: FakeReplica) => FakeReplica,
  ) {
    const { loads } = group;
    this.rebalancing = new Rebalancing({
      broker: {
        isReachable: () => this.isReachable,
        shareLoad: async (connections) => {
          this.told.push(connections);
          await this.meanwhile();
          loads.set(this, connections);
          return [...loads.values()];
        },
        withdrawLoad: async () => {
          this.told.push("withdrawn");
          loads.delete(this);
        },
      },
      connections: () => this.connections,
      moved: (connections) => {
        this.asked += connections;
      },
      clock: group.clock,
      logger: {
        info: (line: unknown) => this.logged.push(line),
        debug: () => undefined,
      } as unknown as Logger,
      random: () => group.random.next(),
    });
  }

  admit(count: number): void {
    for (let number = 0; number < count; number += 1)
      this.connections.push(new FakeConnection((connection) => this.moved(connection)));
  }

  private moved(connection: FakeConnection): void {
    if (this.landing === undefined) return;
    this.connections = this.connections.filter((other) => other !== connection);
    this.landing(this).admit(1);
  }
}
