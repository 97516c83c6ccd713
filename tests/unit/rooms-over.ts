import { VisitedRooms } from "../../server/accounts/visited-rooms";
import type { Broker } from "../../server/broker/broker";
import { systemClock } from "../../server/lib/clock";
import { MemoryRecords } from "../../server/records/memory/records";
import { RoomCreation } from "../../server/rooms/creation";
import { RoomQuota } from "../../server/rooms/quota";
import { RoomIndex } from "../../server/rooms/room-index";
import { Rooms } from "../../server/rooms/rooms";
import { noBudget } from "../support/no-budget";

type Allowances = ConstructorParameters<typeof Rooms>[3];

/** A replica's rooms, with their own index. */
export function roomsOver(
  broker: Broker,
  allowances: Allowances,
  random?: () => number,
  visitedRooms: VisitedRooms = new VisitedRooms(new MemoryRecords(systemClock)),
): Rooms {
  const world = { broker, roomIndex: new RoomIndex(new MemoryRecords(systemClock)), clock: systemClock };
  const quota = new RoomQuota({ ...world, limits: undefined });
  const creation = new RoomCreation({ ...world, posts: new Map(), quota, networks: noBudget });
  return new Rooms(broker, creation, visitedRooms, allowances, random);
}
