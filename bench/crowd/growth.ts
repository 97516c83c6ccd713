import { setTimeout as pause } from "node:timers/promises";
import { Audience } from "./audience";
import { type Cpu, Deployment } from "./deployment";
import type { Figures } from "./figures";
import { median } from "./report";
import type { Scale } from "./scale";
import type { Outcome } from "./settled";

const membersInRoom = 2;
const roomsOfFew = 10;
const fewEntries = 10;
const fewMembers = 10;
const readers = 10;
const fillRate = 1_000;
/** Messages a second while sends are measured. */
const sendRate = 100;
const visitsAtOnce = 4;
/** For each second of measuring. During so many visits the costs still fall, because code is still being compiled. */
const warmUpVisits = 100;

/** CPU time of replicas and Redis together, in milliseconds, for a send, a visit, and a second of idling. */
type Costs = { send: number[]; visit: number[]; idle: number[]; delivery: number[] };
type Size = {
  count: number;
  fill: (audience: Audience, count: number) => Promise<void>;
  rooms: (count: number) => string[];
  settings?: (count: number) => Record<string, string>;
};

const inLobby = () => ["lobby"];
const takeTurns = (number: number): [0 | 1, number] => [(number % 2) as 0 | 1, 0];

const roomsOf = (count: number) => Array.from({ length: count }, (_, number) => `room-${number}`);
const fillRooms = async (audience: Audience, count: number) => {
  await audience.makeRooms();
  await audience.admitAll(count * membersInRoom, (number) => [
    (number % 2) as 0 | 1,
    Math.floor(number / membersInRoom),
  ]);
};
const fillHistory = async (audience: Audience, count: number) => {
  await audience.admitAll(readers, takeTurns);
  await audience.talk(Math.min(fillRate, count), Math.max(1, count / fillRate));
};
const fillRoom = (audience: Audience, count: number) => audience.admitAll(count, takeTurns);

/** Compares the cost of a send, a visit and idling with few and with many rooms, entries and members, on two sites in turns. */
export async function growth(scale: Scale): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const compare = async (what: string, few: number, many: number, size: Omit<Size, "count">) =>
    outcomes.push(...(await compareSizes(what, { ...size, count: few }, { ...size, count: many }, scale)));
  const { rooms, entries, members } = scale.growth;
  await compare("rooms", roomsOfFew, rooms, { rooms: roomsOf, fill: fillRooms });
  // The history is full from the beginning, so its length stays the same.
  const settings = (count: number) => ({ HISTORY_LIMIT: String(count) });
  await compare("entries", fewEntries, entries, { rooms: inLobby, fill: fillHistory, settings });
  await compare("members", fewMembers, members, { rooms: inLobby, fill: fillRoom });
  return outcomes;
}

async function compareSizes(what: string, few: Size, many: Size, scale: Scale): Promise<Outcome[]> {
  const opened: Site[] = [];
  const open = async (size: Size) => {
    const site = await Site.open(size);
    opened.push(site);
    return site;
  };
  const costs = { few: noCosts(), many: noCosts() };
  try {
    const sites = { few: await open(few), many: await open(many) };
    const { seconds } = scale.growth;
    for (const site of Object.values(sites)) await site.warmUp(warmUpVisits * seconds, seconds);
    for (let turn = 0; turn < scale.growth.turns; turn += 1)
      for (const which of ["few", "many"] as const) await sites[which].measure(costs[which], seconds);
    const figures: Figures = {};
    for (const cost of ["send", "delivery", "visit", "idle"] as const) {
      if (cost === "delivery" && what !== "members") continue;
      const [before, after] = [median(costs.few[cost]), median(costs.many[cost])];
      figures[`${cost} with ${few.count} ${what}, CPU ms`] = before;
      figures[`${cost} with ${many.count} ${what}, CPU ms`] = after;
      if (cost !== "idle") figures[`${cost} with many ${what}, times`] = after / before;
    }
    return Object.values(sites).map(({ audience }, index) => ({
      workload: "growth",
      figures: index === 0 ? figures : {},
      audience,
    }));
  } finally {
    for (const site of opened) await site.close();
  }
}

const noCosts = (): Costs => ({ send: [], visit: [], idle: [], delivery: [] });

class Site {
  private constructor(
    private readonly deployment: Deployment,
    readonly audience: Audience,
  ) {}

  static async open({ count, fill, rooms, settings }: Size): Promise<Site> {
    const deployment = await Deployment.start("ours", settings?.(count));
    const audience = new Audience(deployment, rooms(count), 30_000);
    const site = new Site(deployment, audience);
    try {
      await fill(audience, count);
      await audience.settle();
      return site;
    } catch (error) {
      await site.close();
      throw error;
    }
  }

  async warmUp(visits: number, seconds: number): Promise<void> {
    await this.audience.talk(sendRate, seconds);
    await this.audience.visits(visits, visitsAtOnce);
    await this.audience.settle();
  }

  async measure(costs: Costs, seconds: number): Promise<void> {
    await this.audience.settle();
    const idle = await this.costOf(() => pause(seconds * 1_000));
    costs.idle.push(idle.ms / idle.seconds);
    const talked: { sent: number; deliveries: number }[] = [];
    const sends = await this.costOf(async () => {
      talked.push(await this.audience.talk(sendRate, seconds));
    });
    const ms = sends.ms - (sends.seconds * idle.ms) / idle.seconds;
    const { sent = 0, deliveries = 0 } = talked[0] ?? {};
    costs.send.push(ms / sent);
    costs.delivery.push(ms / deliveries);
    const count = Math.round(20 * seconds);
    const visits = await this.costOf(async () => {
      await this.audience.visits(count, visitsAtOnce);
      await this.audience.settle();
    });
    costs.visit.push((visits.ms - (visits.seconds * idle.ms) / idle.seconds) / count);
  }

  async close(): Promise<void> {
    this.audience.close();
    await this.deployment.close();
  }

  private async costOf(act: () => Promise<unknown>): Promise<{ ms: number; seconds: number }> {
    const sum = ({ servers, redis }: Cpu) => servers + redis;
    const before = sum(await this.deployment.cpu());
    const startedAt = performance.now();
    await act();
    const seconds = (performance.now() - startedAt) / 1_000;
    return { ms: sum(await this.deployment.cpu()) - before, seconds };
  }
}
