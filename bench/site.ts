import { randomUUID } from "node:crypto";
import { RedisServer } from "../tests/support/redis-server";
import type { Replica } from "../tests/support/replica";
import { until } from "../tests/support/until";
import { connectVisitor, type WireVisitor } from "../tests/support/wire-visitor";
import { cpuTime } from "./cpu-time";
import { followedRooms, forAll, membersEach, RoomMembers, type Sitting, subscriptions } from "./room-members";
import { startTwoReplicas } from "./two-replicas";

const guestCount = 50;

/** Two replicas over a Redis of their own, with rooms and a crowd in all of them. */
export class Site {
  private sittings: Sitting[] = [];
  private operations = 0;

  private constructor(
    private readonly redis: RedisServer,
    private readonly replicas: Replica[],
    private readonly crowd: RoomMembers,
    private readonly guests: WireVisitor[],
  ) {}

  static async open(roomCount: number): Promise<Site> {
    const redis = await RedisServer.start();
    // A short history, full from the first visit on: every join's answer has the same size.
    const replicas = await startTwoReplicas(redis, { HISTORY_LIMIT: String(membersEach) });
    const crowd = await RoomMembers.connect(replicas);
    const guests = await Promise.all(
      Array.from({ length: guestCount }, (_, index) =>
        connectVisitor({ url: replicas[index % 2]?.url ?? "" }),
      ),
    );
    const site = new Site(redis, replicas, crowd, guests);
    await site.fill(roomCount);
    return site;
  }

  /** All members leave all rooms except the first ones. */
  async keep(roomCount: number): Promise<void> {
    const leaving = this.sittings.splice(roomCount * membersEach);
    await forAll(leaving, ({ room, visitor }) => visitor.must("room:leave", { room }));
  }

  /**
   * Waits until each replica subscribes to exactly the rooms in which it has members; returns the two counts, the lower
   * first.
   */
  async subscribed(): Promise<number[]> {
    const expected = followedRooms(this.sittings);
    const isSo = async () => (await subscriptions(this.redis)).join() === expected.join();
    await until(`${expected.join(" and ")} subscriptions`, isSo, 30_000);
    return expected;
  }

  /**
   * CPU time of a message to the members of a room, in milliseconds; each message has another sender and another room.
   */
  costOfSends(count: number): Promise<number> {
    return this.costOf(count, ({ room, visitor }, number) =>
      visitor.must("message:send", { room, text: `${number}`, clientMessageId: randomUUID() }),
    );
  }

  /**
   * CPU time of a visit, in and out again, in milliseconds; each visit is to another room, over a replica that has
   * members there. A replica without members would first subscribe to the room and stay subscribed for half a second.
   * With few rooms it would still be subscribed at most visits, with many rooms at none: the figures would show how
   * often a room is visited, not what a visit costs.
   */
  costOfVisits(count: number): Promise<number> {
    return this.costOf(count, async ({ room, replica }, number) => {
      const guest = at(this.guests, 2 * number + replica);
      await guest.must("room:join", { room });
      await guest.must("room:leave", { room });
    });
  }

  async close(): Promise<void> {
    for (const guest of this.guests) guest.close();
    this.crowd.close();
    await Promise.all(this.replicas.map((replica) => replica.kill()));
    await this.redis.stop();
  }

  private async fill(roomCount: number): Promise<void> {
    const rooms = Array.from({ length: roomCount }, (_, number) => `room-${number}`);
    await forAll(rooms, (room) => this.crowd.anybody.must("room:create", { room, title: room }));
    this.sittings = rooms.flatMap((room, number) => this.crowd.sittings(room, number));
    await forAll(this.sittings, ({ room, visitor }) => visitor.must("room:join", { room }));
  }

  /**
   * Runs one operation after another: concurrent ones in few rooms would reach the same members in one write, and the
   * figures would show how members are spread.
   */
  private async costOf(
    count: number,
    act: (sitting: Sitting, number: number) => Promise<unknown>,
  ): Promise<number> {
    const before = await cpuTime(this.redis, this.replicas);
    const end = this.operations + count;
    for (; this.operations < end; this.operations += 1) {
      const seat = (this.operations + Math.floor(this.operations / 10)) % membersEach;
      await act(at(this.sittings, this.operations * membersEach + seat), this.operations);
    }
    return ((await cpuTime(this.redis, this.replicas)) - before) / count;
  }
}

const at = <T>(list: T[], number: number): T => list[number % list.length] as T;
