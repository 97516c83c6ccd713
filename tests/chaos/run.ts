import type { Environment } from "../support/replica";
import { until } from "../support/until";
import type { ChaosStore } from "./chaos-store";
import type { Chatter } from "./chatter";
import { type Fault, faultsOf } from "./faults";
import { LateReader } from "./finding";
import type { Evidence } from "./log";
import { type Dealt, Nemesis } from "./nemesis";
import { type Cast, type Stage, setStage } from "./stage";

export type Run = { evidence: Evidence; dealt: readonly Dealt[]; unrest: readonly string[] };

export type RunOptions = {
  seconds: number;
  seed: number;
  /** By default `redis`. */
  store?: ChaosStore;
  /** Settings of the replicas, beyond the usual ones. */
  settings?: Environment;
  /** The kinds of fault to deal: by default all that this store can have. */
  kinds?: readonly Fault[] | undefined;
  say?: (line: string) => void;
  patience?: Patience;
};

/** How long a correct server may take once all is mended. */
export type Patience = {
  /** Within this time every message is sent and acknowledged. */
  quietMs: number;
  /** Within this time after the store's return, leases lapse and the periodic steps notice. */
  settleMs: number;
};

const cast: Cast = { rooms: 3, writers: 12, readers: 6 };
const fullPatience: Patience = { quietMs: 60_000, settleMs: 45_000 };

/** Lets visitors talk during faults, mends everything, waits for quiet, and gathers the visitors' logs. */
export async function run({
  seconds,
  seed,
  store = "redis",
  settings = {},
  kinds = faultsOf(store),
  say = () => undefined,
  patience = fullPatience,
}: RunOptions): Promise<Run> {
  const stage = await setStage({ cast, seed, settings, store });
  try {
    await until(
      "all members in the room",
      () => stage.chatters.every(({ isLive }) => isLive),
      fullPatience.quietMs,
    );
    const nemesis = new Nemesis(stage, seed, say);
    await nemesis.work(seconds, kinds);
    say("all is mended");
    for (const chatter of stage.chatters) chatter.hush();
    const unrest = await rest(stage, patience);
    say("all is quiet");
    return { evidence: await gather(stage, patience), dealt: nemesis.dealt, unrest };
  } finally {
    await stage.close();
  }
}

const here = ({ chatters }: Stage): Chatter[] => chatters.filter(({ isHere }) => isHere);

const isResting = ({ isLive, unsent }: Chatter): boolean => isLive && unsent === 0;

/** Waits until every visitor is in the room and has sent everything; returns those that do not get there. */
async function rest(stage: Stage, { quietMs }: Patience): Promise<string[]> {
  await until("quiet", () => here(stage).every(isResting), quietMs).catch(() => undefined);
  return here(stage)
    .filter((chatter) => !isResting(chatter))
    .map(({ label, isLive, unsent }) => `${label} ${isLive ? "is live" : "is not live"}, ${unsent} unsent`);
}

async function gather(stage: Stage, { settleMs }: Patience): Promise<Evidence> {
  const rooms = [...new Set(stage.chatters.map(({ room }) => room))];
  const url = stage.slots[0]?.replica.url ?? "";
  const readers = await Promise.all(rooms.map((room) => LateReader.arrive(url, room)));
  const quiet = await Promise.all(readers.map((reader) => watchMembers(reader, stage, settleMs)));
  await Promise.all(readers.map((reader) => allShown(reader, stage)));
  await Promise.all(here(stage).map((chatter) => chatter.readBack()));
  const visitors = stage.chatters.map((chatter) => chatter.log());
  for (const chatter of here(stage)) chatter.leave();
  const findings = await Promise.all(
    readers.map(async (reader, index) => ({
      room: reader.room,
      reader: reader.id,
      membersWhenQuiet: quiet[index] ?? [],
      membersInTheEnd: await reader.membersAre([], settleMs),
      ...(await reader.readAll()),
    })),
  );
  for (const reader of readers) reader.close();
  return { visitors, findings, acts: stage.moderator.acts };
}

function watchMembers(reader: LateReader, stage: Stage, settleMs: number): Promise<string[]> {
  const expected = here(stage).filter(({ room }) => room === reader.room);
  return reader.membersAre(
    expected.flatMap(({ id }) => (id === undefined ? [] : [id])),
    settleMs,
  );
}

/** Waits until every page has reached the head; a page that does not is judged by what it shows. */
async function allShown(reader: LateReader, stage: Stage): Promise<void> {
  const head = await reader.head();
  const chatters = here(stage).filter(({ room }) => room === reader.room);
  const isShown = ({ cursor }: Chatter) => cursor?.epoch === head.epoch && cursor.seq >= head.seq;
  await until("the head on every page", () => chatters.every(isShown), 15_000).catch(() => undefined);
}
