import { median } from "./latencies";
import { positiveOptions } from "./positive-options";
import { membersEach } from "./room-members";
import { Site } from "./site";

/**
 * The cost of many rooms: `npm run build && npx tsx bench/rooms.ts`. Two sites of two replicas each, one with members in
 * few rooms and one with members in many, do the same sends and visits in turns; the medians of the CPU time of
 * replicas and Redis together are compared. A replica must also subscribe to the rooms in which it has members, and to
 * no others. Exits with 1 when a goal is missed. Options: `--rooms 1000 --few 10 --rounds 15`.
 */

/** How much more an operation may cost with many rooms. */
const mostRatio = 1.2;
const perRound = { sends: 300, visits: 100 };
/** During so many operations the costs still fall, because code is still being compiled. */
const warmUp = { sends: 5_000, visits: 1_000 };

const { rooms, few, rounds } = positiveOptions({ rooms: 1_000, few: 10, rounds: 15 });
const costs = { few: { send: [], visit: [] }, many: { send: [], visit: [] } } as Record<
  "few" | "many",
  { send: number[]; visit: number[] }
>;

async function measure(sites: { few: Site; many: Site }): Promise<void> {
  for (const site of Object.values(sites)) {
    await site.costOfSends(warmUp.sends);
    await site.costOfVisits(warmUp.visits);
  }
  for (let round = 0; round < rounds; round += 1)
    for (const which of ["few", "many"] as const) {
      costs[which].send.push(await sites[which].costOfSends(perRound.sends));
      costs[which].visit.push(await sites[which].costOfVisits(perRound.visits));
    }
}

function report(what: string, of: "send" | "visit"): boolean {
  const [before, after] = [median(costs.few[of]), median(costs.many[of])];
  const ratio = after / before;
  const figures = `${before.toFixed(3)} ms with ${few} rooms, ${after.toFixed(3)} ms with ${rooms}`;
  console.log(`${what.padEnd(22)} ${figures}: ${ratio.toFixed(2)} times`);
  return ratio <= mostRatio;
}

async function tellSubscriptions(what: string, site: Site): Promise<void> {
  console.log(`${what.padEnd(22)} ${(await site.subscribed()).join(" and ")}`);
}

const [small, large] = [await Site.open(rooms), await Site.open(rooms)];
try {
  console.log("Subscriptions, as many as rooms with members on each of two replicas");
  await tellSubscriptions(`${rooms} rooms`, large);
  await small.keep(few);
  await tellSubscriptions(`${few} rooms`, small);
  await measure({ few: small, many: large });
  await large.keep(0);
  await tellSubscriptions("all have left", large);
  console.log(`\nCPU time of both replicas and Redis, medians of ${rounds} rounds in turns`);
  const isReached = [
    report(`a send to ${membersEach} members`, "send"),
    report("a join and a leave", "visit"),
  ];
  console.log(
    `\nGoal, at most ${mostRatio} times: ${isReached.every((each) => each) ? "reached" : "missed"}`,
  );
  process.exitCode = isReached.every((each) => each) ? 0 : 1;
} finally {
  await Promise.all([small.close(), large.close()]);
}
