import type { RoomId, Sanction, SanctionKind, VisitorId } from "../../protocol/events";
import type { Visitor } from "../accounts/identity";
import type { Clock } from "../lib/clock";
import type { Network } from "../lib/network";
import { changesOf, type KnownState } from "./known-state";
import type { Roles } from "./roles";
import type { SeenNetworks } from "./seen-networks";

/**
 * `networks`: keyed digests of the networks that it extends to, until `networksUntil`. `networksSince`: when the first of the
 * sanctions was set that had them before it; without it, when this one was.
 */
export type StoredSanction = Sanction & {
  networks?: string[];
  networksUntil?: number;
  networksSince?: number;
};

/** A visitor that acts, and its network. */
export type Participant = { visitor: Visitor; network: Network };

/**
 * A sanction with a network holds for visitors of that network who came less than this before it, or later. A visitor that
 * came earlier can be settled (W-8), and is left alone.
 */
const newcomerMs = 10 * 60_000;

type KnownSanctionsOptions = { known: KnownState; roles: Roles; networks: SeenNetworks; clock: Clock };

/** The sanctions that this replica knows, by visitor and by network. They bind no holder of a role. */
export class KnownSanctions {
  private readonly all = new Map<string, StoredSanction>();
  private readonly ofVisitors = new Map<VisitorId, Set<StoredSanction>>();
  private readonly ofNetworks = new Map<string, Set<StoredSanction>>();
  private readonly roomBans = new Set<string>();

  constructor(private readonly options: KnownSanctionsOptions) {
    // Only sanctions.ts writes these texts.
    options.known.onChange(
      changesOf("sanction", (id, text) => {
        this.forget(id);
        if (text !== undefined) this.keep(JSON.parse(text) as StoredSanction);
      }),
    );
  }

  /** Whether any ban is for one room only. */
  get hasRoomBans(): boolean {
    return this.roomBans.size > 0;
  }

  find(id: string): StoredSanction | undefined {
    return this.all.get(id);
  }

  /** The newest first. */
  list(): StoredSanction[] {
    return [...this.all.values()].sort((one, other) => other.at - one.at || (one.id < other.id ? 1 : -1));
  }

  of(visitor: VisitorId): StoredSanction[] {
    return [...(this.ofVisitors.get(visitor) ?? [])];
  }

  /** The sanction of that kind, in the room or everywhere, that ends last; undefined when none binds the visitor. */
  on(kind: SanctionKind, { visitor, network }: Participant, room?: RoomId): StoredSanction | undefined {
    if (this.all.size === 0 || this.options.roles.of(visitor.id) !== undefined) return undefined;
    const now = this.options.clock.now();
    const isBinding = (each: StoredSanction) =>
      each.kind === kind &&
      (each.room === undefined || each.room === room) &&
      (each.until === undefined || each.until > now);
    const binding = this.of(visitor.id).filter(isBinding);
    const isNew = ({ at, networksSince = at }: StoredSanction) =>
      visitor.since !== undefined && visitor.since > networksSince - newcomerMs;
    if (this.ofNetworks.size > 0)
      for (const each of this.ofNetworks.get(this.options.networks.digestOf(network)) ?? [])
        if (isBinding(each) && isNew(each) && (each.networksUntil ?? 0) > now) binding.push(each);
    return binding.sort((one, other) => endOf(other) - endOf(one))[0];
  }

  private keep(sanction: StoredSanction): void {
    this.all.set(sanction.id, sanction);
    if (sanction.kind === "ban" && sanction.room !== undefined) this.roomBans.add(sanction.id);
    addTo(this.ofVisitors, sanction.visitor, sanction);
    for (const network of sanction.networks ?? []) addTo(this.ofNetworks, network, sanction);
  }

  private forget(id: string): void {
    const sanction = this.all.get(id);
    if (sanction === undefined) return;
    this.all.delete(id);
    this.roomBans.delete(id);
    takeFrom(this.ofVisitors, sanction.visitor, sanction);
    for (const network of sanction.networks ?? []) takeFrom(this.ofNetworks, network, sanction);
  }
}

/** Later than any moment without an end. */
export const endOf = ({ until = Number.POSITIVE_INFINITY }: Sanction): number => until;

function addTo<Key>(sets: Map<Key, Set<StoredSanction>>, key: Key, sanction: StoredSanction): void {
  const set = sets.get(key) ?? new Set();
  sets.set(key, set.add(sanction));
}

function takeFrom<Key>(sets: Map<Key, Set<StoredSanction>>, key: Key, sanction: StoredSanction): void {
  const set = sets.get(key);
  set?.delete(sanction);
  if (set?.size === 0) sets.delete(key);
}
