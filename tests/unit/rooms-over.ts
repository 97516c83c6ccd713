import type { Broker } from "../../server/broker/broker";
import { RoomFounder } from "../../server/chat/room-founder";
import { RoomPlaces } from "../../server/chat/room-places";
import { Rooms } from "../../server/chat/rooms";
import { MemoryDirectory } from "../../server/directory/memory-directory";
import { MemoryVisits } from "../../server/directory/memory-visits";
import type { Visits } from "../../server/directory/visits";
import { systemClock } from "../../server/lib/clock";
import { noBudget } from "../support/no-budget";

type Allowances = ConstructorParameters<typeof Rooms>[3];

/** Rooms as a replica has them, over a directory that nobody else uses. */
export function roomsOver(
  broker: Broker,
  allowances: Allowances,
  random?: () => number,
  visits: Visits = new MemoryVisits(systemClock),
): Rooms {
  const world = { broker, directory: new MemoryDirectory(systemClock), clock: systemClock };
  const places = new RoomPlaces({ ...world, quota: undefined });
  const founder = new RoomFounder({ ...world, posts: new Map(), places, networks: noBudget });
  return new Rooms(broker, founder, visits, allowances, random);
}
