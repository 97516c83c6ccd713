import type { Entry, ErrorCode, Member, RoomId, VisitorId } from "../../../../protocol/events";
import { ChatError } from "../../../errors";
import type { Clock } from "../../../lib/clock";
import type { Logger } from "../../../lib/logger";
import { skeleton } from "../../../names/skeleton";
import type { StoreConnection } from "../../../redis/connection";
import type { Keys } from "../../../redis/keys";
import { toChatError } from "../../../redis/store-error";
import type { BrokerLimits } from "../../broker";
import {
  type BrokerMembership,
  type ConnectionId,
  type Entrance,
  type LeaveGraces,
  leaveGraces,
  type MemberPage,
  type MemberRequest,
} from "../../membership";
import type { BrokerEvents } from "../events";
import type { RoomScripts } from "../room-scripts";
import type { StoreUse } from "../store-use";
import { type ConnectionKey, connectionKeyOf } from "./connection-key";
import { LocalMembers } from "./local-members";
import { firstPage, MemberScripts } from "./member-scripts";
import { RedisPresence } from "./presence";

type RedisMembershipOptions = {
  redis: StoreConnection;
  keys: Keys;
  scripts: RoomScripts;
  limits: BrokerLimits;
  clock: Clock;
  logger: Logger;
  events: BrokerEvents;
  storeUse: Pick<StoreUse, "review">;
};

/** This replica's connections in each room: admits, removes, and brings back those wrongly declared dead. */
export class RedisMembership implements BrokerMembership {
  readonly graces: LeaveGraces;
  private readonly localMembers = new LocalMembers();
  private readonly scripts: MemberScripts;
  private readonly presence: RedisPresence;
  private isClosing = false;

  constructor(options: RedisMembershipOptions) {
    this.graces = options.limits.graces ?? leaveGraces;
    this.scripts = new MemberScripts(options);
    this.presence = new RedisPresence({
      ...options,
      graces: this.graces,
      leave: (room, connectionKeys) => this.scripts.leave(room, connectionKeys),
      isEntered: (room) => this.localMembers.isAnyIn(room),
      underOldId: (replica) => this.localMembers.underOldId(replica),
      enterAgain: (request) => this.enterAgain(request),
    });
    options.events.on("rewound", () => this.presence.takeNewId());
  }

  get isAnswering(): boolean {
    return this.presence.isAnswering;
  }

  /** This replica's present id. */
  get replica(): string {
    return this.presence.replica;
  }

  async enter(request: MemberRequest): Promise<Entrance> {
    const { room, connection } = request;
    const wasKnown = this.localMembers.add(request);
    const latest = this.localMembers.get(room, connection) ?? request;
    try {
      return await this.letIn(latest, await this.presence.claim(room));
    } catch (error) {
      const refusal = toChatError(error);
      // On an unknown outcome the write may have happened, so keep tracking the connection until it enters again or
      // departs. A wanted name is refused only to a visitor outside the room, so then nothing was written.
      const isOutside = refusal.code === "name_taken" && latest.wanted !== undefined;
      if (isOutside || (refusal.code !== "unavailable" && !wasKnown))
        this.localMembers.remove(room, connection);
      throw refusal;
    }
  }

  async rename(request: MemberRequest): Promise<Member> {
    const { room, connection, visitor, role } = request;
    const claim = await this.act(room, connection, (key) => this.scripts.rename(request, key));
    this.localMembers.rename(room, visitor, claim);
    return { id: visitor, ...(role && { role }), name: claim.name };
  }

  list(room: RoomId, from = firstPage): Promise<MemberPage> {
    return this.scripts.list(room, from);
  }

  async leave(room: RoomId, connection: ConnectionId): Promise<void> {
    await this.scripts.leave(room, this.connectionKeys(room, connection));
    this.localMembers.remove(room, connection);
  }

  async expel(room: RoomId, visitor: VisitorId): Promise<void> {
    this.forget(room, visitor);
    await this.scripts.expel(room, visitor);
  }

  depart(room: RoomId, connection: ConnectionId, graceMs: number): void {
    this.presence.depart(room, this.connectionKeys(room, connection), graceMs);
    this.localMembers.remove(room, connection);
  }

  /**
   * Runs a step under the key by which the connection was admitted, since this replica may be changing its id. If
   * another replica has removed the connection, admits it again and retries the step once.
   */
  async act<T>(
    room: RoomId,
    connection: ConnectionId,
    step: (connectionKey: ConnectionKey) => Promise<T>,
  ): Promise<T> {
    const take = () => step(this.admittedKey(room, connection));
    try {
      return await take();
    } catch (error) {
      if (!isOut(error) || this.localMembers.get(room, connection) === undefined) throw error;
      await this.comeBack(room, connection);
      return take();
    }
  }

  /** Stops the connections of a forgotten or expelled visitor from entering again by themselves. */
  forget(room: RoomId, visitor: VisitorId): void {
    for (const { connection, visitor: holder } of this.localMembers.allIn(room))
      if (holder === visitor) this.localMembers.remove(room, connection);
  }

  /** Drops all connections of a closed room. */
  release(room: RoomId): void {
    this.localMembers.removeAll(room);
  }

  /** Applies a room's entries, written on any replica: the members they name may have connections here too. */
  hear(room: RoomId, entries: readonly Entry[]): void {
    for (const entry of entries) {
      if (entry.kind === "closed") this.release(room);
      if (entry.kind === "rename")
        this.localMembers.rename(room, entry.by.id, {
          name: entry.by.name,
          skeleton: skeleton(entry.by.name),
        });
    }
  }

  /** Releases the lease; connections that are still in a room depart. */
  async close(): Promise<void> {
    this.isClosing = true;
    await this.presence.rest();
    for (const { room, connection } of this.localMembers.all())
      this.presence.depart(room, this.connectionKeys(room, connection), this.graces.lostMs);
    await this.presence.close();
  }

  private async letIn(request: MemberRequest, replica: string): Promise<Entrance> {
    // A connection admitted after the last departures are sent would stay for ever.
    if (this.isClosing) throw new ChatError("unavailable");
    try {
      return await this.letInUnder(request, replica);
    } catch (error) {
      if (!isOut(error)) throw error;
      await this.presence.giveUp(replica);
      return this.letInUnder(request, await this.presence.claim(request.room));
    }
  }

  private async letInUnder(request: MemberRequest, replica: string): Promise<Entrance> {
    const { room, connection } = request;
    const key = connectionKeyOf(replica, connection);
    const { entrance, claim } = await this.scripts.enter(request, key);
    this.localMembers.setName(room, connection, claim);
    this.localMembers.setReplica(room, connection, replica);
    return entrance;
  }

  /** Another replica wrongly declared this one dead, and the visitor is still here: admits it under a new id. */
  private async comeBack(room: RoomId, connection: ConnectionId): Promise<void> {
    try {
      await this.presence.renew();
      await this.enterAgain({ room, connection });
    } catch (error) {
      throw toChatError(error);
    }
  }

  /** Admits a connection under this replica's present id, unless the connection has gone meanwhile. */
  private async enterAgain({ room, connection }: Pick<MemberRequest, "room" | "connection">): Promise<void> {
    const replica = await this.presence.claim(room);
    // Look it up in the tick that sends it, so that its departure or its leave can only be sent after it.
    const request = this.localMembers.get(room, connection);
    if (request === undefined) return;
    await this.letIn(request, replica).catch((error: unknown) => {
      // This replica did not hear that the room was closed, or the visitor expelled: without this it would retry for ever.
      if (isRefusedAs("room_closed", error)) this.release(room);
      else if (isRefusedAs("banned", error)) this.localMembers.remove(room, connection);
      else throw error;
    });
  }

  private admittedKey(room: RoomId, connection: ConnectionId): ConnectionKey {
    return connectionKeyOf(this.localMembers.replicaOf(room, connection) ?? this.replica, connection);
  }

  /** The keys a connection may have in the store: under this replica's present id, and the one that admitted it. */
  private connectionKeys(room: RoomId, connection: ConnectionId): ConnectionKey[] {
    return [...new Set([connectionKeyOf(this.replica, connection), this.admittedKey(room, connection)])];
  }
}

const isRefusedAs = (code: ErrorCode, error: unknown): boolean =>
  error instanceof ChatError && error.code === code;
const isOut = (error: unknown): boolean => isRefusedAs("not_joined", error);
