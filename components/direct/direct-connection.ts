import type { Ack, Conversation, RoomId, ServerToClient, VisitorId } from "../../protocol/events";
import { type ClientConnection, type OpenConnection, openConnection } from "../chat/client/connection";

export type FoundConversation = Pick<Conversation, "room" | "partner" | "request">;

export type DirectConnectionOptions = {
  partner: VisitorId;
  /** The chat's own name for the room, whose id only the server knows. */
  localRoom: RoomId;
  found(connection: ClientConnection, conversation: FoundConversation, isRefused: boolean): void;
  hears: Partial<ServerToClient>;
};

/**
 * A connection that finds the conversation with a visitor before it joins the room, so that after every loss the
 * partner's online state is told anew. When the server refuses to open it, its history can still be read (DM-9); when
 * there is none, the join is answered with the server's reason.
 */
export function openDirect({ partner, localRoom, found, hears }: DirectConnectionOptions): OpenConnection {
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
      "feed:appended": heard(listener["feed:appended"]),
      "feed:gap": heard(listener["feed:gap"]),
      "typing:changed": heard(listener["typing:changed"]),
    });

    async function find(): Promise<Ack | undefined> {
      const answer = await connection.ask("direct:open", { with: partner });
      if (answer?.ok) return begin(answer, false);
      if (answer?.error.code !== "forbidden") return answer;
      const list = await connection.ask("direct:list", { texts: false });
      if (!list?.ok) return list;
      const known = [...list.conversations, ...(list.requests ?? [])];
      const kept = known.find((conversation) => conversation.partner.id === partner);
      return kept ? begin(kept, true) : answer;
    }

    function begin(conversation: FoundConversation, isRefused: boolean): Ack {
      room = conversation.room.id;
      found(connection, conversation, isRefused);
      return { ok: true };
    }

    return {
      ...connection,
      async ask(command, input, deadlineMs) {
        if (command === "room:join" && !room) {
          const answer = await find();
          // Refusals have one shape for all commands.
          if (!answer?.ok) return answer as undefined;
        }
        return connection.ask(command, withRoomId(input), deadlineMs);
      },
    };
  };
}
