import type { Cursor, Entry, Member, Receipt, Room, RoomId, VisitorId } from "../../../protocol/events";
import type { Clock } from "../../lib/clock";
import type { Logger } from "../../lib/logger";
import type { Rate } from "../../lib/rate";
import type { StoreConnection } from "../../redis/clients";
import { createKeys } from "../../redis/keys";
import { toChatError } from "../../redis/store-error";
import type { Broker, Rewind } from "../broker";
import type { Draft, FeedLimits, FeedListener, Following, Page, Range } from "../feed";
import type { ConnectionId, Entrance, MemberRequest } from "../membership";
import type { NameIn, NewRoom, RoomSummary } from "../rooms";
import { Typists } from "../typists";
import { BrokerEvents } from "./events";
import { CrowdNotices } from "./feed/crowd-notices";
import { RoomSubscriptions } from "./feed/subscriptions";
import { RedisMembers } from "./presence/members";
import { Reachability } from "./reachability";
import { ReplicaLoads } from "./replica-loads";
import { defineRoomScripts } from "./room-scripts";
import { RoomStore } from "./room-store";
import { RoomSummaries } from "./room-summaries";
import { StoreLossDetector } from "./store-loss-detector";
import { StoreUse } from "./store-use";
import { UnreadMessages } from "./unread";

export type RedisBrokerOptions = FeedLimits & {
  commands: StoreConnection;
  subscriber: StoreConnection;
  prefix: string;
  clock: Clock;
  logger: Logger;
};

/** Streams keep the entries, pub/sub delivers them: docs/decisions/002-room-streams-and-channels.md. */
export class RedisBroker implements Broker {
  readonly kind = "redis";
  private readonly events = new BrokerEvents();
  private readonly store: RoomStore;
  private readonly roomSummaries: RoomSummaries;
  private readonly unreadMessages: UnreadMessages;
  private readonly members: RedisMembers;
  private readonly subscriptions: RoomSubscriptions;
  private readonly reachability: Reachability;
  private readonly mark: StoreLossDetector;
  private readonly loads: ReplicaLoads;
  private readonly use: StoreUse;
  private readonly crowdNotices: CrowdNotices;

  /** The caller owns the connections, and closes them. */
  constructor(private readonly options: RedisBrokerOptions) {
    const { commands, subscriber, clock, logger } = options;
    const keys = createKeys(options.prefix);
    const { events } = this;
    const followers = new Map<RoomId, { readonly cursor: Cursor }>();
    const runScript = defineRoomScripts(commands);
    const store = new RoomStore({ runScript, keys, limits: options, followers, events });
    const parts = { commands, subscriber, store, keys, clock, logger, events };
    this.store = store;
    this.use = new StoreUse(parts);
    this.crowdNotices = new CrowdNotices(parts);
    this.unreadMessages = new UnreadMessages(parts);
    this.roomSummaries = new RoomSummaries(parts);
    this.members = new RedisMembers({ ...parts, use: this.use });
    const { members } = this;
    this.subscriptions = new RoomSubscriptions({ ...parts, followers });
    this.mark = new StoreLossDetector(parts);
    this.loads = new ReplicaLoads({ ...parts, members });
    this.reachability = new Reachability({ ...parts, members });
  }

  isReachable(): boolean {
    return this.reachability.isReachable;
  }

  onReachable(listener: (isReachable: boolean) => void): () => void {
    return this.reachability.onChange(listener);
  }

  usedRatio(): number | undefined {
    return this.use.ratio;
  }

  onRewound(listener: (cause: Rewind) => void): () => void {
    const tell = (cause?: Rewind): void => {
      if (cause !== undefined) listener(cause);
    };
    this.events.on("rewound", tell);
    return () => void this.events.off("rewound", tell);
  }

  create(room: NewRoom): Promise<Room> {
    return this.store.create(room);
  }

  enter(request: MemberRequest): Promise<Entrance> {
    return this.members.enter(request);
  }

  async rename(request: MemberRequest): Promise<Member> {
    const { room, connection, visitor } = request;
    const claim = await this.members.act(room, connection, (key) => this.store.rename(request, key));
    this.members.rename(room, visitor, claim);
    return { id: visitor, name: claim.name };
  }

  leave(room: RoomId, connection: ConnectionId): Promise<void> {
    return this.members.leave(room, connection);
  }

  depart(room: RoomId, connection: ConnectionId, graceMs: number): void {
    this.members.depart(room, connection, graceMs);
  }

  publish(room: RoomId, connection: ConnectionId, draft: Draft, pace?: Rate): Promise<Receipt> {
    return this.members.act(room, connection, (key) => this.store.publish(room, key, draft, pace));
  }

  remove(room: RoomId, connection: ConnectionId, seq: number): Promise<void> {
    return this.members.act(room, connection, (key) => this.store.remove(room, key, seq));
  }

  async closeRoom(room: RoomId, connection: ConnectionId): Promise<void> {
    await this.members.act(room, connection, (key) => this.store.close(room, key));
    this.members.release(room);
  }

  async forget(room: RoomId, visitor: VisitorId): Promise<void> {
    this.members.forget(room, visitor);
    await this.store.forget(room, visitor);
  }

  setTyping(room: RoomId, connection: ConnectionId, isTyping: boolean): Promise<void> {
    return this.members.act(room, connection, (key) => this.store.setTyping(room, key, isTyping));
  }

  summaries(rooms: readonly RoomId[]): Promise<(RoomSummary | undefined)[]> {
    return this.roomSummaries.summaries(rooms);
  }

  namesIn(asked: readonly { room: RoomId; visitor: VisitorId }[]): Promise<(NameIn | undefined)[]> {
    return this.roomSummaries.namesIn(asked);
  }

  accept(room: RoomId, visitor: VisitorId, sharedRoom: RoomId | ""): Promise<boolean> {
    return this.store.accept(room, visitor, sharedRoom);
  }

  unread(rooms: readonly RoomId[], reader: VisitorId): Promise<number[]> {
    return this.unreadMessages.unread(rooms, reader);
  }

  markRead(room: RoomId, reader: VisitorId, seq: number): Promise<boolean> {
    return this.unreadMessages.markRead(room, reader, seq);
  }

  read(room: RoomId, range: Range): Promise<Page> {
    return this.store.read(room, range);
  }

  async follow(room: RoomId, listener: FeedListener): Promise<Following> {
    const typists = new Typists(this.options.clock, (members) => listener.typing(members));
    const hear = (entries: Entry[]) => {
      this.members.hear(room, entries);
      typists.hear(entries);
    };
    const following = await this.subscriptions
      .follow(room, {
        appended(epoch, entries) {
          listener.appended(epoch, entries);
          hear(entries);
        },
        gap: (gap, cursor) => listener.gap(gap, cursor),
        typed: (member, isTyping) => typists.set(member, isTyping),
      })
      .catch((error: unknown) => {
        throw toChatError(error);
      });
    return {
      get cursor() {
        return following.cursor;
      },
      reach: (seq) => following.reach(seq),
      stop() {
        typists.stop();
        return following.stop();
      },
    };
  }

  shareLoad(connections: number): Promise<number[]> {
    return this.loads.share(connections);
  }

  withdrawLoad(): Promise<void> {
    return this.loads.withdraw();
  }

  async close(): Promise<void> {
    this.mark.close();
    await this.members.close();
    this.subscriptions.close();
    this.crowdNotices.close();
  }
}
