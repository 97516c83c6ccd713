import { Audience } from "./audience";
import type { Deployment } from "./deployment";
import type { Member } from "./member";
import type { Scale } from "./scale";
import type { Outcome } from "./settled";

/** Those who stay where they are, who talk and count. */
const settled = 50;
const rate = 10;
const atOnceBefore = 40;
/** What comes back late, and what was waiting behind it, is measured too. */
const afterSeconds = 3;
const mostSeconds = 60;

/** A replica dies, and all its members come to the other one at the same moment, in a room in which others talk. */
export async function returns(deployment: Deployment, scale: Scale): Promise<Outcome[]> {
  const audience = new Audience(deployment, ["lobby"], 5_000);
  try {
    await audience.admitAll(settled, () => [0, 0]);
    const returners: Member[] = [];
    const enterNext = async (): Promise<void> => {
      while (returners.length < scale.returners) {
        const at = returners.push(undefined as never) - 1;
        returners[at] = await audience.enter(1, 0);
      }
    };
    await Promise.all(Array.from({ length: atOnceBefore }, enterNext));
    await audience.settle();
    await audience.talk(rate, 2);
    for (const member of returners) member.close();
    await deployment.servers[1].kill();
    const before = await deployment.cpu();
    const startedAt = performance.now();
    let isOver = false;
    const talking = audience.talk(rate, mostSeconds, 0, () => isOver);
    await Promise.all(returners.map((member) => audience.returnTo(0, member)));
    const seconds = (performance.now() - startedAt) / 1_000;
    setTimeout(() => {
      isOver = true;
    }, afterSeconds * 1_000);
    const talk = await talking;
    const after = await deployment.cpu();
    const figures = {
      "p99 of messages meanwhile": talk.toAll.at(0.99),
      "seconds until all are back": seconds,
      "server CPU per return": (after.servers - before.servers) / scale.returners,
      "Redis CPU per return": (after.redis - before.redis) / scale.returners,
      "asked again": audience.retries,
    };
    return [{ workload: "returns", figures, audience }];
  } finally {
    audience.close();
  }
}
