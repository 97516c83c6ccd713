import type { RoomId, VisitorId } from "../../protocol/events";
import type { Broker } from "../broker/broker";
import { directRoomOf } from "../broker/direct-rooms";
import type { ConversationIndex } from "../direct/conversation-index";
import type { Conversations } from "../direct/conversations";
import { ChatError } from "../errors";
import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import type { WrittenMessages } from "../limits/written-messages";
import type { RoomIndex } from "../rooms/room-index";
import type { Accounts } from "./accounts";
import type { PasswordProof } from "./password-proofs";
import type { Session } from "./session";
import type { Sessions } from "./sessions";
import type { VisitedRooms } from "./visited-rooms";

/**
 * When a visitor is forgotten a second time: by then the writes of its other devices have ended and their connections
 * have been closed, even on a replica that was suspended or cut off for a while.
 */
const secondTimeMs = 60_000;
/** How often to look for visitors who are due for the second time. */
const takeEveryMs = 5_000;

type ForgettingOptions = {
  broker: Broker;
  visitedRooms: VisitedRooms;
  roomIndex: Pick<RoomIndex, "slots">;
  conversationIndex: ConversationIndex;
  accounts: Accounts;
  sessions: Sessions;
  conversations: Conversations;
  written: WrittenMessages;
  clock: Clock;
  logger: Logger;
};

/** Erases visitors everywhere: docs/decisions/017-forgetting.md. */
export class Forgetting {
  private readonly stopTaking: () => void;
  private isTaking = false;

  constructor(private readonly options: ForgettingOptions) {
    this.stopTaking = options.clock.every(takeEveryMs, () => void this.finishDue());
  }

  /**
   * Erases the visitor's messages, names, conversations, account and codes, and ends its tokens. Returns the ended
   * session, to be announced after the answer. Anything that cannot be erased now is erased when the store is back.
   * Throws ChatError("invalid_token").
   */
  async forget(session: Session): Promise<Session> {
    await this.options.sessions.check(session);
    await this.options.visitedRooms.beginForgetting(session, secondTimeMs);
    await this.leaveRooms(session.visitor);
    return this.options.accounts.forget(session);
  }

  /** Call before `forget`: asks for the password of a visitor with an account. Throws as PasswordProofs.check does. */
  prove(session: Session, proof: PasswordProof): Promise<void> {
    return this.options.accounts.proofs.check(session, proof);
  }

  close(): void {
    this.stopTaking();
  }

  private async leaveRooms(visitor: VisitorId): Promise<void> {
    for (const room of await this.roomsOf(visitor)) await this.leaveRoom(room, visitor);
    await this.options.conversationIndex.forget(visitor);
    await this.options.roomIndex.slots.forget(visitor);
    await this.options.written.forget(visitor);
  }

  /** The rooms the visitor was in or has made, and conversations in which others have written to it. */
  private async roomsOf(visitor: VisitorId): Promise<Set<RoomId>> {
    const { visitedRooms, roomIndex, conversationIndex } = this.options;
    const [visited, made, known] = await Promise.all([
      visitedRooms.roomsOf(visitor),
      roomIndex.slots.roomsOf(visitor),
      conversationIndex.listedPartners(visitor),
    ]);
    const written = known.map(({ partner }) => directRoomOf(visitor, partner));
    return new Set([...visited, ...made, ...written]);
  }

  private async leaveRoom(room: RoomId, visitor: VisitorId): Promise<void> {
    try {
      await this.options.broker.rooms.forget(room, visitor);
      await this.options.conversations.messageRemoved(room);
    } catch (error) {
      // A missing room holds nothing; a closed one is freed within the hour.
      if (!isOneOf(error, "room_not_found", "room_closed")) throw error;
    }
  }

  private async finishDue(): Promise<void> {
    if (this.isTaking) return;
    this.isTaking = true;
    try {
      for (const session of await this.options.visitedRooms.takeForgetting()) await this.finish(session);
    } catch (error) {
      this.options.logger.debug({ err: error }, "could not finish forgetting visitors; trying again");
    } finally {
      this.isTaking = false;
    }
  }

  private async finish(session: Session): Promise<void> {
    if (await this.endAgain(session)) await this.leaveRooms(session.visitor);
    await this.options.visitedRooms.endForgetting(session);
  }

  /**
   * Ends the visitor's tokens once more. Returns false when they were ended for another reason and the visitor can come
   * back by logging in.
   */
  private async endAgain(session: Session): Promise<boolean> {
    try {
      await this.options.accounts.forget(session);
      return true;
    } catch (error) {
      if (!isOneOf(error, "invalid_token")) throw error;
      return !(await this.options.accounts.canReturn(session.visitor));
    }
  }
}

const isOneOf = (error: unknown, ...codes: string[]): boolean =>
  error instanceof ChatError && codes.includes(error.code);
