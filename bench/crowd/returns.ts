import { Audience } from "./audience";
import type { Deployment } from "./deployment";
import type { Member } from "./member";
import type { Scale } from "./scale";
import type { Outcome } from "./settled";

/** Members who stay where they are, talk and count. */
const settled = 50;
const rate = 10;
const atOnceBefore = 40;
/** Fewer than the kernel queues for Node's `accept` (511): a client beyond them would try again only after seconds. */
const atOnce = 400;
/** Late returns, and the messages that wait behind them, are measured too. */
const afterSeconds = 3;
const mostSeconds = 60;

/** Calls `act` `count` times, `atOnce` at a time. */
async function inTurns<T>(count: number, atOnce: number, act: (number: number) => Promise<T>): Promise<T[]> {
  const done: T[] = [];
  let next = 0;
  const actNext = async (): Promise<void> => {
    while (next < count) done.push(await act(next++));
  };
  await Promise.all(Array.from({ length: atOnce }, actNext));
  return done;
}

/** A replica dies, and all its members move to the other one at once, while others talk in the room. */
export async function returns(deployment: Deployment, scale: Scale): Promise<Outcome[]> {
  const audience = new Audience(deployment, ["lobby"], 5_000);
  try {
    await audience.admitAll(settled, () => [0, 0]);
    const returners = await inTurns(scale.returners, atOnceBefore, () => audience.enter(1, 0));
    await audience.settle();
    await audience.talk(rate, 2);
    for (const member of returners) member.close();
    await deployment.killOther();
    const before = await deployment.cpu();
    const startedAt = performance.now();
    let isOver = false;
    const talking = audience.talk(rate, mostSeconds, 0, () => isOver);
    await inTurns(returners.length, atOnce, (number) => audience.returnTo(0, returners[number] as Member));
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
