import { MemoryVisits } from "../../server/accounts/memory/visits";
import type { Visits } from "../../server/accounts/visits";
import type { Broker } from "../../server/broker/broker";
import { systemClock } from "../../server/lib/clock";
import { RoomCreation } from "../../server/rooms/creation";
import { MemoryRoomIndex } from "../../server/rooms/memory/room-index";
import { RoomQuota } from "../../server/rooms/quota";
import { Rooms } from "../../server/rooms/rooms";
import { noBudget } from "../support/no-budget";

type Allowances = ConstructorParameters<typeof Rooms>[3];

/** Rooms as a replica has them, over a directory that nobody else uses. */
export function roomsOver(
  broker: Broker,
  allowances: Allowances,
  random?: () => number,
  visits: Visits = new MemoryVisits(systemClock),
): Rooms {
  const world = { broker, roomIndex: new MemoryRoomIndex(systemClock), clock: systemClock };
  const places = new RoomQuota({ ...world, quota: undefined });
  const creation = new RoomCreation({ ...world, posts: new Map(), places, networks: noBudget });
  return new Rooms(broker, creation, visits, allowances, random);
}
