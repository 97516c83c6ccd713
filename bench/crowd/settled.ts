import { performance } from "node:perf_hooks";
import { Audience } from "./audience";
import type { Deployment } from "./deployment";
import { isOurs } from "./dialects";
import { type Figures, figuresOfTalk } from "./figures";
import type { Scale } from "./scale";

const membersEach = 250;
export const busyRate = 50;
const departureRate = 10;
/** How long to watch a server that does not announce departures. */
const silentSeconds = 3;

export type Outcome = { workload: string; figures: Figures; audience: Audience };

/** One room with 250 members on each replica: they join, stay quiet, talk, and then one replica dies. */
export async function settledRoom(
  deployment: Deployment,
  scale: Scale,
  isWanted: (workload: string) => boolean,
): Promise<Outcome[]> {
  const audience = settledAudience(deployment);
  const outcomes: Outcome[] = [];
  const add = (workload: string, figures: Figures) => outcomes.push({ workload, figures, audience });
  try {
    add("joins", await joins(deployment, audience));
    if (isWanted("quiet")) {
      const { quietSeconds } = scale;
      add("quiet", figuresOfTalk(await audience.talk(1, quietSeconds, 2)));
    }
    if (isWanted("W1")) {
      const { busySeconds, warmUpSeconds } = scale;
      add("W1", figuresOfTalk(await audience.talk(busyRate, busySeconds, warmUpSeconds)));
    }
    if (isWanted("departures")) add("departures", await departures(deployment, audience, scale));
    return outcomes;
  } finally {
    audience.close();
  }
}

/** The audience that will fill the room. */
export const settledAudience = (deployment: Deployment) => new Audience(deployment, ["lobby"], 20_000);

/** All members join, and the room falls silent. */
export async function joins(deployment: Deployment, audience: Audience): Promise<Figures> {
  const before = await deployment.cpu();
  const startedAt = performance.now();
  await audience.admitAll(2 * membersEach, (number) => [(number % 2) as 0 | 1, 0]);
  const seconds = (performance.now() - startedAt) / 1_000;
  await audience.settle();
  const after = await deployment.cpu();
  return {
    "joins per second": (2 * membersEach) / seconds,
    "server CPU per join": (after.servers - before.servers) / (2 * membersEach),
    "Redis CPU per join": (after.redis - before.redis) / (2 * membersEach),
    "asked again": audience.retries,
  };
}

async function departures(deployment: Deployment, audience: Audience, scale: Scale): Promise<Figures> {
  audience.forsake(1);
  audience.lefts = 0;
  await deployment.killOther();
  const killedAt = performance.now();
  const seconds = isOurs(deployment.name) ? scale.departureSeconds : silentSeconds;
  const talk = await audience.talk(departureRate, seconds);
  return {
    "frames besides messages": talk.frames / audience.members.length - talk.sent,
    "p99 meanwhile": talk.toAll.at(0.99),
    "server CPU per departure": talk.cpu.servers / membersEach,
    "members told of": audience.lefts,
    "seconds until then": (performance.now() - killedAt) / 1_000,
  };
}
