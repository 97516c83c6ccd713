import type { ListedRoom, RoomId } from "../../protocol/events";
import type { Broker } from "../broker/broker";
import { ChatError } from "../errors";
import { isLobbyTitle } from "../names/reserved";
import { skeleton } from "../names/skeleton";
import type { RoomIndex } from "./room-index";
import type { TitleClaim } from "./title-claims";

type Options = {
  broker: Broker;
  roomIndex: RoomIndex;
  /** Titles that no visitor's room may have: those of the posts, in every language. */
  posts: Iterable<string>;
  /** A claim this old belongs to a creation that has ended, in success or failure. */
  confirmedAfterMs: number;
};

/** More than are claimed meanwhile, so that titles of expired rooms are cleared away. */
const oldestReviewed = 5;

/**
 * C-6: one open room for each title. A title is claimed before the room is made; the room itself decides whether it
 * exists and has the title (decision 032).
 */
export class RoomTitles {
  private readonly ofPosts: ReadonlySet<string>;

  constructor(private readonly options: Options) {
    this.ofPosts = new Set(Array.from(options.posts, skeleton));
  }

  /** Throws ChatError("name_taken"), or ChatError("room_exists") when a room has that id. */
  async take(title: string, room: RoomId): Promise<TitleClaim> {
    const { broker, roomIndex, confirmedAfterMs } = this.options;
    const reading = skeleton(title);
    if (isLobbyTitle(title) || this.ofPosts.has(reading)) throw await this.refusal(room);
    const first = await roomIndex.titles.claim(reading, room);
    if (first.is === "granted") return first.claim;
    const [holder, own] = await broker.rooms.summaries([first.claim.room, room]);
    if (own !== undefined) throw new ChatError("room_exists");
    if (first.now - first.claim.at < confirmedAfterMs || hasTitle(holder, reading)) throw titleTaken();
    await roomIndex.titles.freeAndConfirm({ gone: [first.claim], there: [] });
    const last = await roomIndex.titles.claim(reading, room);
    if (last.is === "taken") throw titleTaken();
    return last.claim;
  }

  /** The same for a room that exists. */
  async takeForMade(title: string, room: RoomId): Promise<TitleClaim> {
    return this.take(title, room).catch((error: unknown) => {
      throw error instanceof ChatError && error.code === "room_exists" ? titleTaken() : error;
    });
  }

  /** Call when a room has another title than that one. */
  async leave(title: string, room: RoomId): Promise<void> {
    const { is, claim } = await this.options.roomIndex.titles.claim(skeleton(title), room);
    if (is === "granted") await this.review(claim);
  }

  /** Call when a creation has failed: frees the title, unless the room exists and has it. */
  async review(claim: TitleClaim): Promise<void> {
    const { broker, roomIndex } = this.options;
    const [room] = await broker.rooms.summaries([claim.room]);
    if (!hasTitle(room, claim.skeleton)) await roomIndex.titles.freeAndConfirm({ gone: [claim], there: [] });
  }

  /** Call when the room has been closed. A title that cannot be freed now is freed when another room needs it. */
  async closed(room: RoomId): Promise<void> {
    const { broker, roomIndex } = this.options;
    const [summary] = await broker.rooms.summaries([room]);
    if (summary === undefined) return;
    const { is, claim } = await roomIndex.titles.claim(skeleton(summary.title), room);
    if (is === "granted") await this.review(claim);
  }

  /** Clears away a few claims of rooms that have ended. */
  async tidy(): Promise<void> {
    const { broker, roomIndex, confirmedAfterMs } = this.options;
    const { now, claims } = await roomIndex.titles.oldest(oldestReviewed);
    const old = claims.filter(({ at }) => now - at >= confirmedAfterMs);
    const summaries = await broker.rooms.summaries(old.map(({ room }) => room));
    const isThere = (_: TitleClaim, index: number) => hasTitle(summaries[index], old[index]?.skeleton);
    await roomIndex.titles.freeAndConfirm({
      gone: old.filter((claim, index) => !isThere(claim, index)),
      there: old.filter(isThere),
    });
  }

  private async refusal(room: RoomId): Promise<ChatError> {
    const [own] = await this.options.broker.rooms.summaries([room]);
    return own === undefined ? titleTaken() : new ChatError("room_exists");
  }
}

const hasTitle = (room: ListedRoom | undefined, reading: string | undefined): boolean =>
  room !== undefined && !room.closed && skeleton(room.title) === reading;

const titleTaken = (): ChatError =>
  new ChatError("name_taken", "Another open room has this title, or one that looks like it.");
