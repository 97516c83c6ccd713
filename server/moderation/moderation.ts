import type { Act, Member, Role, RoomId, VisitorId } from "../../protocol/events";
import type { Quotas } from "../accounts/quotas";
import type { VisitedRooms } from "../accounts/visited-rooms";
import type { Broker } from "../broker/broker";
import { ChatError } from "../errors";
import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import { noNetwork } from "../lib/network";
import type { Reach } from "../lib/reach";
import type { Newcomers } from "../limits/newcomers";
import type { Records } from "../records/records";
import { type NewAct, readAct } from "./acts";
import { Announcements } from "./announcements";
import { Catches } from "./catches";
import { Exports } from "./exports";
import { Guard, type GuardOptions } from "./guard";
import type { GuardLevel } from "./guard-level";
import { KnownReports } from "./known-reports";
import { KnownSanctions, type Participant } from "./known-sanctions";
import { changesOf, KnownState } from "./known-state";
import { MessageRemovals } from "./message-removals";
import { Publications } from "./publications";
import { Reports } from "./reports";
import { Roles } from "./roles";
import { Rules, type RulesOptions } from "./rules";
import { SanctionedNetworks } from "./sanctioned-networks";
import { Sanctions } from "./sanctions";
import { SeenNetworks } from "./seen-networks";
import { StateStore } from "./state-store";

type MessageCounts = Pick<Newcomers, "messageRemoved" | "messagesCleared" | "messagePublished" | "doubt">;

export type ModerationOptions = {
  records: Records;
  broker: Broker;
  visitedRooms: VisitedRooms;
  quotas: Pick<Quotas, "spend">;
  newcomers: RulesOptions["newcomers"] & GuardOptions["newcomers"] & MessageCounts;
  ownerKeys: readonly string[];
  guard: GuardLevel;
  /** Any bytes that all replicas share. */
  networkSecret: Uint8Array;
  clock: Clock;
  logger: Logger;
  reported?: ConstructorParameters<typeof Reports>[0]["reported"];
};

/** The powers of the owner and moderators, and their effects (docs/decisions/067-moderation.md). */
export class Moderation {
  readonly roles: Roles;
  readonly sanctions: Sanctions;
  readonly rules: Rules;
  readonly knownReports: KnownReports;
  readonly reports: Reports;
  readonly exports: Exports;
  readonly guard: Guard;
  readonly catches: Catches;
  readonly publications: Publications;
  readonly removals: MessageRemovals;
  readonly networks: SanctionedNetworks;
  private readonly seenNetworks: SeenNetworks;
  private readonly store: StateStore;
  private readonly known: KnownState;
  private readonly knownSanctions: KnownSanctions;
  private readonly expulsionListeners = new Set<(visitor: VisitorId) => void>();

  constructor(private readonly options: ModerationOptions) {
    const { records, clock, logger } = options;
    this.store = new StateStore(records);
    this.known = new KnownState({ store: this.store, clock, logger });
    this.seenNetworks = new SeenNetworks(clock, options.networkSecret);
    const shared = { ...options, store: this.store, known: this.known, networks: this.seenNetworks };
    const note = (act: NewAct) => this.note(act);
    this.roles = new Roles(shared);
    this.knownSanctions = new KnownSanctions({ ...shared, roles: this.roles });
    this.networks = new SanctionedNetworks({ ...shared, knownSanctions: this.knownSanctions });
    this.rules = new Rules({ ...shared, roles: this.roles });
    this.knownReports = new KnownReports(this.known);
    this.publications = new Publications(this.known);
    this.reports = new Reports({
      ...shared,
      roles: this.roles,
      knownReports: this.knownReports,
      publications: this.publications,
    });
    this.catches = new Catches({ ...options, reports: this.reports });
    this.guard = new Guard({ ...shared, roles: this.roles, level: options.guard });
    this.exports = new Exports({ records, roles: this.roles, rules: this.rules, note });
    this.sanctions = new Sanctions({
      ...{ ...shared, roles: this.roles, knownSanctions: this.knownSanctions },
      sanctionedNetworks: this.networks,
      expelled: new Announcements(this.known, "expelled", (visitor) => {
        for (const listener of this.expulsionListeners) listener(visitor);
      }),
    });
    const uncounted = new Announcements(this.known, "uncounted", (author) => options.newcomers.doubt(author));
    this.removals = new MessageRemovals({ ...options, roles: this.roles, uncounted, note });
  }

  /** Whether this replica knows the decisions of a moment ago. */
  get isFresh(): boolean {
    return this.known.isFresh;
  }

  /** Unreachable while no command is carried out, since this replica cannot learn of decisions. */
  get reach(): Reach {
    return this.known.reach;
  }

  /** Throws as the store does. */
  refresh(): Promise<void> {
    return this.known.refresh();
  }

  roleOf(visitor: VisitorId): Role | undefined {
    return this.roles.of(visitor);
  }

  /** The member with the role that it has now. */
  withRole({ id, name }: Member): Member {
    const role = this.roles.of(id);
    return { id, ...(role && { role }), name };
  }

  /** Throws ChatError("banned"). Without a room: whether the visitor may be here at all. */
  checkBan(participant: Participant, room?: RoomId): void {
    const refusal = this.banOf(participant, room);
    if (refusal !== undefined) throw refusal;
  }

  isBanned(participant: Participant, room?: RoomId): boolean {
    return this.banOf(participant, room) !== undefined;
  }

  /** The refusal of a visitor that is banned; undefined of any other. */
  banOf(participant: Participant, room?: RoomId): ChatError | undefined {
    const ban = this.knownSanctions.on("ban", participant, room);
    return ban && new ChatError("banned", undefined, this.leftMs(ban.until));
  }

  isMuted(participant: Participant, room?: RoomId): boolean {
    return this.knownSanctions.on("mute", participant, room) !== undefined;
  }

  /** Throws ChatError("muted"). */
  checkMute(participant: Participant, room?: RoomId): void {
    const mute = this.knownSanctions.on("mute", participant, room);
    if (mute !== undefined) throw new ChatError("muted", undefined, this.leftMs(mute.until));
  }

  isShadowed(visitor: VisitorId, room: RoomId): boolean {
    return (
      this.knownSanctions.on("shadow", { visitor: { id: visitor }, network: noNetwork }, room) !== undefined
    );
  }

  /** Whether messages of the visitor are withheld in any room. */
  isAnywhereShadowed(visitor: VisitorId): boolean {
    return (
      this.roles.of(visitor) === undefined &&
      (this.knownSanctions.of(visitor).some(({ kind }) => kind === "shadow") ||
        this.catches.has(visitor) ||
        this.reports.hasCaught(visitor))
    );
  }

  /** The rooms that the visitor was in. */
  roomsOf(visitor: VisitorId): Promise<RoomId[]> {
    return this.options.visitedRooms.roomsOf(visitor);
  }

  /** Whether any ban is for one room only. */
  get hasRoomBans(): boolean {
    return this.knownSanctions.hasRoomBans;
  }

  /** Calls the listener when a sanction, or a role, may bind or free connections of this replica. */
  onBans(listener: () => void): void {
    this.known.onChange(changesOf("sanction", listener));
    this.known.onChange(changesOf("role", listener));
  }

  /**
   * Calls the listener when the store has taken a visitor out of its rooms, on any replica. The ban for which it did may be over
   * by then.
   */
  onExpelled(listener: (visitor: VisitorId) => void): void {
    this.expulsionListeners.add(listener);
  }

  /** Calls the listener when a room has other rules or another title. */
  onRoomChange(listener: (room: RoomId) => void): void {
    this.known.onChange(changesOf("room", listener));
  }

  /** Writes an act into the log that changes nothing here. */
  note(act: NewAct): Promise<void> {
    return this.known.write([], act);
  }

  /** O-8. Throws ChatError("forbidden") unless the visitor has a role. */
  async log(
    by: VisitorId,
    before: number | undefined,
    limit: number,
  ): Promise<{ acts: Act[]; more: boolean }> {
    this.roles.check(by);
    const found = await this.store.acts(before, limit + 1);
    return { acts: found.slice(0, limit).map(readAct), more: found.length > limit };
  }

  close(): void {
    this.catches.close();
    this.sanctions.close();
    this.rules.close();
    this.seenNetworks.close();
    this.guard.close();
    this.known.close();
  }

  private leftMs(until: number | undefined): number | undefined {
    return until === undefined ? undefined : Math.max(1, until - this.options.clock.now());
  }
}
