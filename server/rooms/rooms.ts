import { customAlphabet } from "nanoid";
import type { Locale, Member, Receipt, Role, Room, RoomId, VisitorId } from "../../protocol/events";
import { forgottenName, isReservedRoom } from "../../protocol/limits";
import type { Visitor } from "../accounts/identity";
import type { VisitedRooms } from "../accounts/visited-rooms";
import { authorshipOf } from "../broker/authorship";
import type { Broker } from "../broker/broker";
import { type Draft, type Posting, slowPace } from "../broker/feed";
import type { ConnectionId, Entrance, MemberRequest } from "../broker/membership";
import { ChatError } from "../errors";
import type { Network } from "../lib/network";
import { MessageLimits } from "../limits/message-limits";
import type { NetworkBudget } from "../limits/network-budget";
import type { Newcomers } from "../limits/newcomers";
import type { RateLimit } from "../limits/rate-limit";
import type { StoreSpace } from "../limits/store-space";
import type { Moderation } from "../moderation/moderation";
import type { NameClaim } from "../names/skeleton";
import type { RoomCreation } from "./creation";
import type { CreationPolicy } from "./creation-policy";
import { RandomNames } from "./random-names";
import { Speakers } from "./speakers";

/** Who gives a command, from which network, over which connection. */
export type Caller = { visitor: Visitor; network: Network; connection: ConnectionId; locale: Locale };

/** A rate for each action that other members are told of, or that takes up room in the store; then the network's. */
export type Allowances = Record<"messages" | "joins" | "creations" | "renames" | "typing", RateLimit> & {
  /** Tells which visitors never write much: their network keeps a reserve for them. */
  reserve?: RateLimit;
  /** Without it every visitor is settled. */
  newcomers?: Newcomers;
  /** Without it every visitor may make rooms. */
  creators?: CreationPolicy;
  networks: NetworkBudget;
  /** What the store has room for; without it, for everything. */
  space?: StoreSpace;
  /** Tells roles, and is told what a room's owner takes away; without it no visitor has a role. */
  moderation?: Pick<Moderation, "roleOf" | "removals">;
};

/** Of a message that is about to be stored. `isCaught`: the guard withholds it, so it settles no visitor. */
export type Checked = Pick<Posting, "isWithheld"> & { isCaught?: boolean };

const makeRoomId = customAlphabet("abcdefghijklmnopqrstuvwxyz0123456789", 12);

/** What a visitor may do in a room, whichever broker keeps it. */
export class Rooms {
  private readonly messageLimits: MessageLimits;
  private readonly names: RandomNames;
  private readonly speakers: Speakers;

  constructor(
    private readonly broker: Broker,
    private readonly creation: RoomCreation,
    private readonly visitedRooms: VisitedRooms,
    private readonly allowances: Allowances,
    random: () => number = Math.random,
  ) {
    this.names = new RandomNames(random);
    this.messageLimits = new MessageLimits(allowances);
    this.speakers = new Speakers(visitedRooms);
  }

  /**
   * Enters under the wanted name, or a random one. The first visitor to enter a post's room makes it. Throws
   * ChatError("name_taken") when another member has the wanted name.
   */
  async enter(room: RoomId, caller: Caller, wanted?: NameClaim): Promise<Entrance> {
    this.allowances.joins.take(caller.visitor.id);
    await this.allowances.networks.take(caller.network, "joins");
    try {
      return await this.admit(room, caller, wanted);
    } catch (error) {
      const isMissing = error instanceof ChatError && error.code === "room_not_found";
      if (!isMissing || !(await this.creation.makeForPost(room))) throw error;
      return this.admit(room, caller, wanted);
    }
  }

  /** Renames to the wanted name, or to another random one. Throws as `enter` does. */
  async rename(room: RoomId, caller: Caller, wanted?: NameClaim): Promise<Member> {
    this.allowances.renames.take(caller.visitor.id);
    this.allowances.space?.check("messages");
    await this.allowances.networks.take(caller.network, "names");
    return this.named(room, caller, wanted, (request) => this.broker.membership.rename(request));
  }

  /** Random names in the language. They are not claimed: another visitor may have one already. */
  suggestedNames(locale: Locale): string[] {
    return this.names.suggested(locale);
  }

  /**
   * `check` is called once the rate allows the message; it refuses by throwing, and says whether the message is to be
   * withheld. A slow room has a pace of its own, below every other.
   */
  async post(
    room: RoomId,
    caller: Caller,
    draft: Draft,
    { check, slowMs }: { check?: () => Promise<Checked>; slowMs?: number | undefined } = {},
  ): Promise<Receipt> {
    const usualPace = await this.messageLimits.take(caller, room, draft.text);
    const { isCaught, ...checked } = (await check?.()) ?? {};
    const pace = slowMs === undefined ? usualPace : slowPace(slowMs);
    await this.speakers.note(caller.visitor.id, room);
    const receipt = await this.broker.feed.publish(
      room,
      caller.connection,
      { ...draft, ...checked, ...this.roleOf(caller) },
      pace,
    );
    if (!isCaught) this.allowances.newcomers?.messageSent(caller.visitor, room, receipt.seq);
    return receipt;
  }

  /** Counts as a message, because every member is told of it. */
  async remove(room: RoomId, caller: Caller, seq: number): Promise<void> {
    const { newcomers, moderation } = this.allowances;
    await this.messageLimits.take(caller, room);
    // The room's owner may remove others' messages.
    const written = newcomers && (await authorshipOf(this.broker.feed, room, seq));
    await this.broker.feed.remove(room, caller.connection, seq);
    if (written === undefined) return;
    // Told to no other replica: a visitor must not make all of them work by removing its own.
    if (written.author === caller.visitor.id)
      void newcomers?.messageRemoved(written.author, room, written.seq);
    else await moderation?.removals.takenAway(room, written);
  }

  async setTyping(room: RoomId, { visitor, connection }: Caller, isTyping: boolean): Promise<void> {
    this.allowances.typing.take(visitor.id);
    await this.broker.typing.set(room, connection, isTyping);
  }

  async create(
    { visitor, network }: Pick<Caller, "visitor" | "network">,
    title: string,
    id: RoomId = makeRoomId(),
  ): Promise<Room> {
    if (isReservedRoom(id)) throw new ChatError("bad_request", "This room id is reserved.");
    this.allowances.creations.take(visitor.id);
    await this.allowances.creators?.check(visitor);
    await this.allowances.newcomers?.assertMayBegin(visitor);
    this.allowances.space?.check("creations");
    return this.creation.make({ id, title, kind: "public", owner: visitor.id }, network);
  }

  async close(room: RoomId, { visitor, connection }: Caller): Promise<void> {
    await this.broker.rooms.close(room, connection);
    await this.creation.closed({ id: room, owner: visitor.id });
  }

  /** Closes it on behalf of the owner or a moderator, who need not be in it. */
  async end({ id, owner }: Room, by: VisitorId): Promise<void> {
    const [known] = await this.broker.rooms.namesIn([{ room: id, visitor: by }]);
    const name = known?.name ?? forgottenName;
    await this.broker.rooms.end(id, { id: by, ...this.roleOf({ visitor: { id: by } }), name });
    await this.creation.closed({ id, ...(owner !== undefined && { owner }) });
  }

  /**
   * Throws ChatError("name_taken") when another room has the title. It counts as making a room, also for the network of a
   * visitor without a role: all replicas tell it to all members.
   */
  async retitle(
    { visitor, network }: Pick<Caller, "visitor" | "network">,
    { id, title: was }: Room,
    title: string,
  ): Promise<void> {
    const { creations, networks } = this.allowances;
    creations.take(visitor.id);
    if (this.roleOf({ visitor }).role === undefined) await networks.take(network, "rooms");
    await this.creation.retitle({ id, was, title });
  }

  private async admit(room: RoomId, caller: Caller, wanted?: NameClaim): Promise<Entrance> {
    const isReturn = await this.visitedRooms.visited(caller.visitor.id, room);
    return this.named(room, caller, wanted, (request) =>
      this.broker.membership.enter({ ...request, isReturn }),
    );
  }

  /** Runs `step` with the wanted name, or with random ones until one is free. */
  private async named<T>(
    room: RoomId,
    { visitor, connection, locale }: Caller,
    wanted: NameClaim | undefined,
    step: (request: MemberRequest) => Promise<T>,
  ): Promise<T> {
    const request = { room, connection, visitor: visitor.id, ...this.roleOf({ visitor }) };
    if (wanted !== undefined) return step({ ...request, names: [], wanted });
    return this.names.untilFree(locale, (names) => step({ ...request, names }));
  }

  private roleOf({ visitor }: Pick<Caller, "visitor">): { role?: Role } {
    const role = this.allowances.moderation?.roleOf(visitor.id);
    return role === undefined ? {} : { role };
  }
}
