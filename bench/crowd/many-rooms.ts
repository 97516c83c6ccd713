import { Audience } from "./audience";
import type { Deployment } from "./deployment";
import { figuresOfTalk } from "./figures";
import type { Scale } from "./scale";
import type { Outcome } from "./settled";

const roomCount = 200;
const membersEach = 5;
/** Two messages a second in each room. */
const rate = 400;

/** W3: many small rooms, each with members on both replicas. */
export async function manyRooms(deployment: Deployment, scale: Scale): Promise<Outcome[]> {
  const rooms = Array.from({ length: roomCount }, (_, number) => `room-${number}`);
  const audience = new Audience(deployment, rooms, 20_000);
  try {
    await audience.makeRooms();
    await audience.admitAll(roomCount * membersEach, (number) => [
      (number % 2) as 0 | 1,
      Math.floor(number / membersEach),
    ]);
    await audience.settle();
    const talk = await audience.talk(rate, scale.roomsSeconds, scale.warmUpSeconds);
    return [{ workload: "W3", figures: figuresOfTalk(talk), audience }];
  } finally {
    audience.close();
  }
}
