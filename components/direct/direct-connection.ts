import type { Conversation, RoomId, ServerToClient, VisitorId } from "../../protocol/events";
import { type ClientConnection, type OpenConnection, openConnection } from "../chat/client/connection";

export type FoundConversation = Pick<Conversation, "room" | "partner" | "request">;

export type DirectConnectionOptions = {
  partner: VisitorId;
  /** The chat's own name for the room, whose id only the server knows. */
  localRoom: RoomId;
  opened(connection: ClientConnection, found: FoundConversation, isRefused: boolean): void;
  hears: Partial<ServerToClient>;
};

/**
 * A connection that finds the conversation with a visitor each time it opens, before any other command, so that after
 * every loss the partner's online state is told anew. When the server refuses to open it, its history can still be read
 * (DM-9); when there is none, the connection ends with the server's reason.
 */
export function openDirect({ partner, localRoom, opened, hears }: DirectConnectionOptions): OpenConnection {
  return (environment, handshake, listener) => {
    let room: RoomId | undefined;
    const withRoomId = <Input>(input: Input): Input =>
      room && typeof input === "object" && input && "room" in input ? { ...input, room } : input;
    const heard =
      <Event extends { room: RoomId }>(hear: ((event: Event) => void) | undefined) =>
      (event: Event): void => {
        if (event.room === room) hear?.({ ...event, room: localRoom });
      };

    const connection = openConnection(environment, handshake, {
      ...listener,
      ...hears,
      opened: () => void find(),
      "feed:appended": heard(listener["feed:appended"]),
      "feed:gap": heard(listener["feed:gap"]),
      "typing:changed": heard(listener["typing:changed"]),
    });

    async function find(): Promise<void> {
      const answer = await connection.ask("direct:open", { with: partner });
      if (!answer) return;
      if (answer.ok) return begin(answer, false);
      const list =
        answer.error.code === "forbidden" ? await connection.ask("direct:list", { texts: false }) : answer;
      if (!list) return;
      const known = list.ok ? [...list.conversations, ...(list.requests ?? [])] : [];
      const kept = known.find((conversation) => conversation.partner.id === partner);
      if (kept) return begin(kept, true);
      connection.close();
      listener.ended(answer.error);
    }

    function begin(found: FoundConversation, isRefused: boolean): void {
      room = found.room.id;
      opened(connection, found, isRefused);
      listener.opened();
    }

    return {
      ...connection,
      ask: (command, input, deadlineMs) => connection.ask(command, withRoomId(input), deadlineMs),
    };
  };
}
