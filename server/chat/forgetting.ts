import type { RoomId, VisitorId } from "../../protocol/events";
import type { Broker } from "../broker/broker";
import type { Session } from "../directory/accounts";
import type { ConversationIndex } from "../directory/conversation-index";
import type { Directory } from "../directory/directory";
import type { Visits } from "../directory/visits";
import type { WrittenMessages } from "../directory/written-messages";
import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import type { Accounts, Proof } from "./accounts";
import type { Conversations } from "./conversations";
import { directRoomOf } from "./direct-rooms";
import { ChatError } from "./errors";
import type { Sessions } from "./sessions";

/**
 * How long after the first time a visitor is forgotten once more: what its other devices had under way has been written
 * by then, and their connections have been closed, also those on a replica that slept or was cut off for a while.
 */
const secondTimeMs = 60_000;
/** How often errands that are due are looked for. */
const lookMs = 5_000;

type World = {
  broker: Broker;
  visits: Visits;
  directory: Pick<Directory, "roomsOf" | "forget">;
  index: ConversationIndex;
  accounts: Accounts;
  sessions: Sessions;
  conversations: Conversations;
  written: WrittenMessages;
  clock: Clock;
  logger: Logger;
};

/** Erases visitors everywhere: docs/decisions/017-forgetting.md. */
export class Forgetting {
  private readonly stopLooking: () => void;
  private isLooking = false;

  constructor(private readonly world: World) {
    this.stopLooking = world.clock.every(lookMs, () => void this.look());
  }

  /**
   * Takes the visitor's messages, names, conversations, account and codes away, and ends its tokens. Returns the end of its session, to be
   * told once it has been answered. What cannot be erased now is erased when the store is back. Throws
   * ChatError("invalid_token").
   */
  async forget(session: Session): Promise<Session> {
    await this.world.sessions.check(session);
    await this.world.visits.beginForgetting(session, secondTimeMs);
    await this.leaveRooms(session.visitor);
    return this.world.accounts.forget(session);
  }

  /** To be called before: whoever holds the token of an account is asked for its password. Throws as Accounts.prove does. */
  prove(session: Session, proof: Proof): Promise<void> {
    return this.world.accounts.prove(session, proof);
  }

  close(): void {
    this.stopLooking();
  }

  private async leaveRooms(visitor: VisitorId): Promise<void> {
    for (const room of await this.roomsOf(visitor)) await this.leaveRoom(room, visitor);
    await this.world.index.forget(visitor);
    await this.world.directory.forget(visitor);
    await this.world.written.forget(visitor);
  }

  /** Those it was in, those it has made, and conversations in which others have written to it. */
  private async roomsOf(visitor: VisitorId): Promise<Set<RoomId>> {
    const { visits, directory, index } = this.world;
    const [visited, made, known] = await Promise.all([
      visits.roomsOf(visitor),
      directory.roomsOf(visitor),
      index.acquaintances(visitor),
    ]);
    const written = known.map(({ partner }) => directRoomOf(visitor, partner));
    return new Set([...visited, ...made, ...written]);
  }

  private async leaveRoom(room: RoomId, visitor: VisitorId): Promise<void> {
    try {
      await this.world.broker.forget(room, visitor);
      await this.world.conversations.tookBack(room);
    } catch (error) {
      // Nothing is left of a room that is no more; a closed one is freed within the hour.
      if (!isOneOf(error, "room_not_found", "room_closed")) throw error;
    }
  }

  private async look(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    try {
      for (const session of await this.world.visits.takeForgetting()) await this.finish(session);
    } catch (error) {
      this.world.logger.debug({ err: error }, "cannot forget who is to be forgotten; trying again");
    } finally {
      this.isLooking = false;
    }
  }

  private async finish(session: Session): Promise<void> {
    if (await this.isNobody(session)) await this.leaveRooms(session.visitor);
    await this.world.visits.endForgetting(session);
  }

  /** Ends it, unless that was done the first time. False for one that was ended otherwise, and may have come back. */
  private async isNobody(session: Session): Promise<boolean> {
    try {
      await this.world.accounts.forget(session);
      return true;
    } catch (error) {
      if (!isOneOf(error, "invalid_token")) throw error;
      return !(await this.world.accounts.canReturn(session.visitor));
    }
  }
}

const isOneOf = (error: unknown, ...codes: string[]): boolean =>
  error instanceof ChatError && codes.includes(error.code);
