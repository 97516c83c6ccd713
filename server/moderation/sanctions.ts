import { nanoid } from "nanoid";
import type { RoomId, Sanction, SanctionInput, VisitorId } from "../../protocol/events";
import { isPublicRoom } from "../../protocol/limits";
import type { VisitedRooms } from "../accounts/visited-rooms";
import type { Broker } from "../broker/broker";
import { ChatError } from "../errors";
import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import { singleFlight } from "../lib/single-flight";
import type { Announcements } from "./announcements";
import { firstPage } from "./first-page";
import { endOf, type KnownSanctions, type StoredSanction } from "./known-sanctions";
import type { KnownState } from "./known-state";
import type { Roles } from "./roles";
import { type SanctionedNetworks, withoutNetworks } from "./sanctioned-networks";
import type { Change, StateStore } from "./state-store";

/** How often ended sanctions, and digests of networks that were kept long enough, are looked for. */
const tidyEveryMs = 60_000;
/** Of a night of bans many end together; so many are one step of the store. */
const removedAtOnce = 100;

type SanctionsOptions = {
  store: StateStore;
  known: KnownState;
  knownSanctions: KnownSanctions;
  roles: Roles;
  sanctionedNetworks: SanctionedNetworks;
  expelled: Announcements;
  broker: Broker;
  visitedRooms: VisitedRooms;
  clock: Clock;
  logger: Logger;
};

/** `replaced`: the input that sets the replaced sanction again. */
export type SetSanction = Sanction & { replaced?: SanctionInput };

const hasRole = "The owner and moderators can’t be sanctioned; take their role first.";

/** O-4: sets and lifts sanctions. Every method throws ChatError("forbidden") unless `by` has a role. */
export class Sanctions {
  private readonly stopTidying: () => void;

  constructor(private readonly options: SanctionsOptions) {
    const tidy = singleFlight(() => this.tidy());
    this.stopTidying = options.clock.every(tidyEveryMs, () => void tidy());
  }

  /**
   * A sanction of the same kind and room takes the place of an earlier one, which is returned as `replaced`. A ban takes the
   * visitor out of its rooms.
   */
  async set(by: VisitorId, { forMs, ...input }: SanctionInput): Promise<SetSanction> {
    const { store, known, sanctionedNetworks, roles } = this.options;
    const { visitor, kind, room } = input;
    roles.check(by);
    if (room !== undefined && !isPublicRoom(room)) throw new ChatError("room_not_found");
    if (roles.of(visitor) !== undefined) throw new ChatError("forbidden", hasRole);
    if (input.hasNetwork && kind === "shadow") throw new ChatError("bad_request");
    const at = await store.now();
    const until = forMs === undefined ? {} : { until: at + forMs };
    const earlier = this.inPlaceOf(input);
    const sanction: StoredSanction = {
      id: nanoid(12),
      ...input,
      at,
      by,
      ...until,
      ...sanctionedNetworks.of(input, at, earlier),
    };
    const { id, reason } = sanction;
    const act = {
      by,
      did: "sanction:set",
      visitor,
      kind,
      ...(room && { room }),
      ...until,
      ...(reason && { reason }),
    };
    await known.write(
      [...removalsOf(earlier), { subject: `sanction ${id}`, text: JSON.stringify(sanction) }],
      act,
    );
    if (kind === "ban") await this.expel(visitor, room);
    const replaced = earlier
      .filter((each) => endOf(each) > at)
      .sort((one, other) => endOf(other) - endOf(one))[0];
    return { ...shown(sanction), ...(replaced && { replaced: inputOf(replaced, at) }) };
  }

  /** Throws ChatError("bad_request") for a sanction that does not hold any more. */
  async lift(by: VisitorId, id: string): Promise<void> {
    const { known, knownSanctions, roles } = this.options;
    roles.check(by);
    const sanction = knownSanctions.find(id);
    if (sanction === undefined) throw new ChatError("bad_request", "There is no such sanction.");
    const { visitor, kind, room } = sanction;
    const act = { by, did: "sanction:lift", visitor, kind, ...(room && { room }) };
    // Two that were set at one moment, over two replicas, hold both until then.
    await known.write(removalsOf(this.inPlaceOf(sanction)), act);
  }

  /** Those that hold, set before a moment, the newest first. */
  list(by: VisitorId, before: number | undefined, limit: number): { sanctions: Sanction[]; more: boolean } {
    const { knownSanctions, roles, clock } = this.options;
    roles.check(by);
    const now = clock.now();
    const holding = knownSanctions
      .list()
      .filter(({ at, until }) => (until ?? now + 1) > now && (before === undefined || at < before));
    const page = firstPage(holding, limit);
    return { sanctions: page.map(shown), more: holding.length > page.length };
  }

  /** Those that hold of one visitor, the newest first. */
  of(visitor: VisitorId): Sanction[] {
    const { knownSanctions, clock } = this.options;
    const now = clock.now();
    const holding = knownSanctions.of(visitor).filter(({ until }) => (until ?? now + 1) > now);
    return holding.sort((one, other) => other.at - one.at).map(shown);
  }

  close(): void {
    this.stopTidying();
  }

  /** Of one kind and room a visitor has one sanction. */
  private inPlaceOf({
    visitor,
    kind,
    room,
  }: Pick<SanctionInput, "visitor" | "kind" | "room">): StoredSanction[] {
    const { knownSanctions } = this.options;
    return knownSanctions.of(visitor).filter((each) => each.kind === kind && each.room === room);
  }

  /**
   * Each replica closes the banned connections that it has. This takes the members out at once, even those of a replica that
   * hangs, and keeps it from bringing them back; so each replica has to hear of it, even if the ban is over by then.
   */
  private async expel(visitor: VisitorId, room: RoomId | undefined): Promise<void> {
    const { broker, visitedRooms, expelled, logger } = this.options;
    const visited = room === undefined ? await visitedRooms.roomsOf(visitor) : [room];
    const names = await broker.rooms.namesIn(visited.map((each) => ({ room: each, visitor })));
    const present = visited.filter((_, index) => names[index]?.isMember);
    const outcomes = await Promise.allSettled(present.map((each) => broker.membership.expel(each, visitor)));
    for (const outcome of outcomes)
      if (outcome.status === "rejected")
        logger.warn({ err: outcome.reason as unknown }, "could not expel a banned visitor from a room");
    if (present.length > 0) await expelled.tell(visitor);
  }

  /** Replicas may overlap. */
  private async tidy(): Promise<void> {
    const { known, knownSanctions, clock, logger } = this.options;
    const now = clock.now();
    const isOver = (at = Number.POSITIVE_INFINITY) => at < now;
    try {
      const ended = knownSanctions.list().filter(({ until }) => isOver(until));
      for (let first = 0; first < ended.length; first += removedAtOnce)
        await known.write(removalsOf(ended.slice(first, first + removedAtOnce)));
      for (const { id, networks, networksUntil } of knownSanctions.list())
        if (networks?.length && isOver(networksUntil)) await known.amend(`sanction ${id}`, withoutNetworks);
    } catch (error) {
      logger.debug({ err: error }, "could not tidy sanctions; trying again");
    }
  }
}

const removalsOf = (sanctions: readonly StoredSanction[]): Change[] =>
  sanctions.map(({ id }) => ({ subject: `sanction ${id}`, text: undefined }));

/** The input that sets a sanction again, until the same end. */
function inputOf({ visitor, kind, room, until, hasNetwork, reason }: Sanction, now: number): SanctionInput {
  return {
    ...{ visitor, kind },
    ...(room !== undefined && { room }),
    ...(until !== undefined && { forMs: until - now }),
    ...(hasNetwork && { hasNetwork }),
    ...(reason !== undefined && { reason }),
  };
}

function shown(stored: StoredSanction): Sanction {
  const { networks: _, networksUntil: __, networksSince: ___, ...sanction } = stored;
  return sanction;
}
