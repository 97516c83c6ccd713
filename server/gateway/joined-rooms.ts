import type { Cursor, JoinAnswer, JoinInput, RoomId } from "../../protocol/events";
import type { Broker } from "../broker/broker";
import type { Entrance } from "../broker/membership";
import { ChatError } from "../errors";
import type { Pace } from "../lib/pace";
import { jsonFor } from "../moderation/entry-view";
import type { Moderation } from "../moderation/moderation";
import type { NameClaim } from "../names/skeleton";
import type { Caller, Rooms } from "../rooms/rooms";
import type { Deliveries } from "./deliveries";
import { firstPage } from "./first-page";
import { RawJson } from "./packet-encoder";
import type { CatchUp, Recipient, RoomDelivery } from "./room-delivery";
import type { ChatSocket } from "./socket-types";

/** The wire's answer, with entries that are JSON already. */
export type EncodedJoinAnswer = Omit<JoinAnswer, "entries"> & { entries: RawJson };

type MembershipOptions = {
  rooms: Rooms;
  broker: Broker;
  deliveries: Deliveries;
  joins: Pace;
  moderation: Pick<Moderation, "withRole" | "rules">;
};
/** "unsure": the store did not answer, so the connection may be in the room; it departs from there all the same. */
type State = JoinedRoom | "unsure";

/** The rooms one connection is in; joins and leaves them. */
export class JoinedRooms {
  private readonly states = new Map<RoomId, State>();
  /** The rooms in which this connection last said that its visitor is typing. */
  private typingIn: Set<RoomId> | undefined;

  constructor(
    private readonly recipient: Recipient,
    private readonly options: MembershipOptions,
  ) {}

  isIn(room: RoomId): boolean {
    return this.states.get(room) instanceof JoinedRoom;
  }

  /** Also while the store has not answered a join: it may have taken effect. */
  mayBeIn(room: RoomId): boolean {
    return this.states.has(room);
  }

  /** Answers the join; call `follow` once the answer is on its way, so that nothing overtakes it. */
  async join(
    { room, cursor }: Omit<JoinInput, "name">,
    wanted?: NameClaim,
  ): Promise<{ answer: EncodedJoinAnswer; follow: () => void }> {
    await this.options.joins.turn();
    const before = this.states.get(room);
    if (before === undefined) this.states.set(room, "unsure");
    const entrance = await this.options.rooms.enter(room, this.caller, wanted).catch((error: unknown) => {
      const isRefused = !(error instanceof ChatError) || error.code !== "unavailable";
      if (before === undefined && isRefused) this.states.delete(room);
      throw error;
    });
    const joined = new JoinedRoom(this, room, await this.deliveryOf(room));
    this.states.set(room, joined);
    const from = joined.delivery.pause(this.socket) ?? (isJoined(before) ? before.cursor : undefined);
    try {
      const answer = await this.answer(entrance, joined.delivery, cursor);
      return { answer, follow: () => this.follow(joined, answer.cursor) };
    } catch (error) {
      // A connection that was in the room before goes on from where it was.
      if (from) this.follow(joined, from);
      throw error;
    }
  }

  /** Takes the connection off live delivery in all rooms, and catches it up again as it drains. */
  slowDown(): void {
    for (const state of this.states.values()) {
      // In a room where it is not live, a catch-up is under way and waits by itself.
      const from = isJoined(state) ? state.delivery.pause(this.socket) : undefined;
      if (isJoined(state) && from !== undefined) this.follow(state, from);
    }
  }

  /** Throws ChatError("not_joined") when this connection is not in the room. */
  async leave(room: RoomId): Promise<void> {
    await this.check(room);
    this.endTyping(room);
    await this.options.broker.membership.leave(room, this.socket.id);
    this.letGo(room);
  }

  /** Whether the store has taken the connection out of the room; false while it does not answer. */
  async isExpelled(room: RoomId): Promise<boolean> {
    // The smallest step that only a member may take.
    const step = this.options.broker.typing.set(room, this.socket.id, false);
    return step.then(
      () => false,
      (error: unknown) => error instanceof ChatError && error.code === "not_joined",
    );
  }

  /** Leaves at once, or as soon as the store answers. */
  async leaveOrDepart(room: RoomId): Promise<void> {
    await this.leave(room).catch(() => this.depart(room, 0));
  }

  async setTyping(room: RoomId, isTyping: boolean): Promise<void> {
    await this.options.rooms.setTyping(room, this.caller, isTyping);
    if (isTyping) this.typingIn = new Set(this.typingIn).add(room);
    else this.typingIn?.delete(room);
  }

  /**
   * Throws ChatError("not_joined") unless this connection is in the room. Missing and closed rooms come first:
   * ChatError("room_not_found"), ChatError("room_closed").
   */
  async check(room: RoomId): Promise<void> {
    if (this.isIn(room)) return;
    const { isClosed } = await this.options.broker.feed.read(room, { limit: 1 });
    throw new ChatError(isClosed ? "room_closed" : "not_joined");
  }

  departAll(graceMs: number): void {
    for (const room of this.rooms()) this.depart(room, graceMs);
  }

  depart(room: RoomId, graceMs: number): void {
    this.endTyping(room);
    this.options.broker.membership.depart(room, this.socket.id, graceMs);
    this.letGo(room);
  }

  /** Whether the connection is still in the room as it joined it then. */
  holds(joined: JoinedRoom): boolean {
    return this.states.get(joined.room) === joined;
  }

  letGo(room: RoomId): void {
    const state = this.states.get(room);
    this.states.delete(room);
    if (!isJoined(state)) return;
    state.delivery.pause(this.socket);
    this.options.deliveries.release(room);
  }

  /** The rooms that this connection is in, or may be in. */
  rooms(): RoomId[] {
    return [...this.states.keys()];
  }

  private get socket(): ChatSocket {
    return this.recipient.socket;
  }

  private get caller(): Caller {
    const { visitor, network, locale } = this.socket.data;
    return { visitor, network, locale, connection: this.socket.id };
  }

  /** Best effort, without a retry: typing lapses by itself. */
  private endTyping(room: RoomId): void {
    if (this.typingIn?.delete(room))
      this.options.broker.typing.set(room, this.socket.id, false).catch(() => undefined);
  }

  /**
   * A later join, a leave, or the delivered end of the room replaces or removes the room's state, and so ends this
   * catch-up.
   */
  private follow(joined: JoinedRoom, from: Cursor): void {
    joined.cursor = from;
    void joined.delivery.catchUp(this.recipient, joined);
  }

  private async deliveryOf(room: RoomId): Promise<RoomDelivery> {
    const state = this.states.get(room);
    return isJoined(state) ? state.delivery : this.options.deliveries.acquire(room);
  }

  private async answer(
    entrance: Entrance,
    delivery: RoomDelivery,
    cursor: Cursor | undefined,
  ): Promise<EncodedJoinAnswer> {
    const { room, self, head, memberCount, members } = entrance;
    const { broker, moderation } = this.options;
    const { lines, epoch, gap } = await firstPage(broker.feed, delivery.recent, {
      room: room.id,
      head,
      cursor,
      publicationOf: delivery.publicationOf,
    });
    const reader = delivery.readerOf(this.socket);
    const listed = members.some(({ id }) => id === self.id) ? members : [self, ...members.slice(1)];
    return {
      room: moderation.rules.of(room),
      self: moderation.withRole(self),
      members: listed.map((member) => moderation.withRole(member)),
      memberCount,
      presenceSeq: head.seq,
      entries: new RawJson(`[${lines.map((line) => jsonFor(line, reader)).join(",")}]`),
      cursor: { epoch, seq: lines.at(-1)?.seq ?? head.seq },
      ...(gap === undefined ? {} : { gap }),
    };
  }
}

/** A room that the connection is in since one of its joins, and how far the connection has caught up there. */
class JoinedRoom implements CatchUp {
  /** Undefined before a catch-up begins, and while the connection is live: then it is at its delivery's cursor. */
  cursor: Cursor | undefined;

  constructor(
    private readonly rooms: JoinedRooms,
    readonly room: RoomId,
    readonly delivery: RoomDelivery,
  ) {}

  isWanted(): boolean {
    return this.rooms.holds(this);
  }

  ended(): void {
    if (this.isWanted()) this.rooms.letGo(this.room);
  }
}

const isJoined = (state: State | undefined): state is JoinedRoom => state instanceof JoinedRoom;
