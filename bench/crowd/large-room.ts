import { Audience } from "./audience";
import type { Deployment } from "./deployment";
import { figuresOfTalk } from "./figures";
import type { Scale } from "./scale";
import { busyRate, type Outcome } from "./settled";

/** Like W1, with as many members in one room as two replicas have on a good day. */
export async function largeRoom(deployment: Deployment, scale: Scale): Promise<Outcome[]> {
  const audience = new Audience(deployment, ["lobby"], 5_000);
  try {
    await audience.admitAll(scale.growth.members, (number) => [(number % 2) as 0 | 1, 0]);
    await audience.settle();
    const talk = await audience.talk(busyRate, scale.busySeconds, scale.warmUpSeconds);
    return [{ workload: "large room", figures: figuresOfTalk(talk), audience }];
  } finally {
    audience.close();
  }
}
