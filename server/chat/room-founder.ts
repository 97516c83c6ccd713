import type { Room, RoomId, VisitorId } from "../../protocol/events";
import type { Broker, NewRoom } from "../broker/broker";
import type { Directory } from "../directory/directory";
import type { Network } from "../lib/network";
import { ChatError } from "./errors";
import type { NetworkBudget } from "./network-budget";
import type { RoomPlaces } from "./room-places";
import type { RoomTitles } from "./room-titles";

type World = {
  broker: Broker;
  directory: Directory;
  /** The room of each post that there is, with its title. */
  posts: ReadonlyMap<RoomId, string>;
  places: RoomPlaces;
  /** Without it, rooms may share a title. */
  titles?: RoomTitles;
  networks: NetworkBudget;
};

/** Makes public rooms. Those of visitors are listed once a second one has spoken in them. */
export class RoomFounder {
  constructor(private readonly world: World) {}

  /**
   * Makes a visitor's room. Throws ChatError("rate_limited") when its
   * owner has no place for it or its network has made too many, ChatError("room_exists"), ChatError("name_taken") when its
   * title is another's, and ChatError("unavailable") when it is not known whether there
   * is a room now.
   */
  async make(room: NewRoom & { owner: VisitorId }, network: Network): Promise<Room> {
    const { places, networks } = this.world;
    await places.take(room.owner, room.id);
    try {
      await networks.take(network, "rooms");
      return await this.makeTitled(room);
    } catch (error) {
      // Where the outcome is unknown the place stays taken, until it stands in the way and can be asked after.
      if (isKnown(error)) await places.review(room.owner, [room.id]).catch(() => undefined);
      throw error;
    }
  }

  /** A claim on the title is kept and given back as a place is. */
  private async makeTitled(room: NewRoom): Promise<Room> {
    const { titles } = this.world;
    const claim = await titles?.take(room.title, room.id);
    try {
      const made = await this.world.broker.create(room);
      titles?.tidy().catch(() => undefined);
      return made;
    } catch (error) {
      if (claim !== undefined && isKnown(error)) await titles?.review(claim).catch(() => undefined);
      throw error;
    }
  }

  /** Makes the room of a post, unless another has just done so. Returns false when the id is no post's. */
  async makeForPost(room: RoomId): Promise<boolean> {
    const title = this.world.posts.get(room);
    if (title === undefined) return false;
    await this.world.broker.create({ id: room, title, kind: "public" }).catch((error: unknown) => {
      if (!(error instanceof ChatError) || error.code !== "room_exists") throw error;
    });
    // The room is made, whatever becomes of this: lists that were just read show it a second later.
    await this.world.directory.announce().catch(() => undefined);
    return true;
  }

  /** To be called when an owner has closed its room. What this cannot tell the directory, it finds out by itself. */
  async closed(room: { id: RoomId; owner: VisitorId }): Promise<void> {
    const { directory, titles } = this.world;
    await directory.closed(room).catch(() => undefined);
    await titles?.closed(room.id).catch(() => undefined);
  }
}

const isKnown = (error: unknown): boolean => !(error instanceof ChatError) || error.code !== "unavailable";
