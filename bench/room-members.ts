import type { RedisServer } from "../tests/support/redis-server";
import type { Replica } from "../tests/support/replica";
import { connectVisitor, type WireVisitor } from "../tests/support/wire-visitor";

export const membersEach = 5;
const visitorsEach = 50;
/** Concurrent commands: enough to keep a replica busy, too few to queue up. */
const atOnce = 50;

/** Acts on each thing in order, in concurrent batches. */
export async function forAll<T>(things: T[], act: (thing: T, index: number) => Promise<unknown>) {
  for (let first = 0; first < things.length; first += atOnce)
    await Promise.all(things.slice(first, first + atOnce).map((thing, index) => act(thing, first + index)));
}

export type Sitting = { room: string; visitor: WireVisitor; replica: 0 | 1 };

/**
 * Visitors on two replicas and their rooms: a third of the rooms on one replica, a third on the other, a third on both.
 */
export class RoomMembers {
  private constructor(private readonly visitors: [WireVisitor[], WireVisitor[]]) {}

  static async connect(replicas: Replica[]): Promise<RoomMembers> {
    const groups = await Promise.all(
      replicas.map(({ url }) =>
        Promise.all(Array.from({ length: visitorsEach }, () => connectVisitor({ url }))),
      ),
    );
    return new RoomMembers(groups as [WireVisitor[], WireVisitor[]]);
  }

  get anybody(): WireVisitor {
    return this.visitors[0][0] as WireVisitor;
  }

  /** The members of a room, chosen by its number. */
  sittings(room: string, number: number): Sitting[] {
    return Array.from({ length: membersEach }, (_, seat) => {
      const isOnFirst = number % 3 === 2 ? seat < 3 : number % 3 === 0;
      const replica = isOnFirst ? 0 : 1;
      const visitor = this.visitors[replica][(number * membersEach + seat) % visitorsEach] as WireVisitor;
      return { room, visitor, replica } as const;
    });
  }

  close(): void {
    for (const visitor of this.visitors.flat()) visitor.close();
  }
}

/** How many rooms have members on each of the two replicas, the lower count first. */
export function followedRooms(sittings: Sitting[]): number[] {
  const followed = [0, 1].map(
    (replica) => new Set(sittings.filter((each) => each.replica === replica).map(({ room }) => room)).size,
  );
  return followed.sort((one, other) => one - other);
}

/** How many channels each replica's subscriber has, as Redis reports it, the lower count first. */
export async function subscriptions({ client }: RedisServer): Promise<number[]> {
  const list = (await client.client("LIST")) as string;
  const lines = list.split("\n").filter((line) => line.includes("name=madang-subscriber"));
  const counts = lines.map((line) => Number(line.match(/ sub=(\d+)/)?.[1]));
  return counts.sort((one, other) => one - other);
}
