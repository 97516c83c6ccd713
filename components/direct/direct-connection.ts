import type { Partner, RoomId, ServerToClient, VisitorId } from "../../protocol/events";
import { type Connection, type OpenConnection, openConnection } from "../chat/connection";

export type Errand = {
  partner: VisitorId;
  /** What the chat calls the room, whose id only the server knows. */
  place: RoomId;
  opened(connection: Connection, room: RoomId, partner: Partner): void;
  hears: Partial<ServerToClient>;
};

/**
 * A connection that finds the conversation with a visitor each time it opens, before anything is asked of it, so that who
 * is online is told anew after every loss. Refused, it ends with the server's reason.
 */
export function openDirect({ partner, place, opened, hears }: Errand): OpenConnection {
  return (world, handshake, listener) => {
    let room: RoomId | undefined;
    const named = <Input>(input: Input): Input =>
      room && typeof input === "object" && input && "room" in input ? { ...input, room } : input;
    const heard =
      <Event extends { room: RoomId }>(hear: ((event: Event) => void) | undefined) =>
      (event: Event): void => {
        if (event.room === room) hear?.({ ...event, room: place });
      };

    const connection = openConnection(world, handshake, {
      ...listener,
      ...hears,
      opened: () => void find(),
      "feed:appended": heard(listener["feed:appended"]),
      "feed:gap": heard(listener["feed:gap"]),
      "typing:changed": heard(listener["typing:changed"]),
    });

    async function find(): Promise<void> {
      const answer = await connection.ask("direct:open", { with: partner });
      if (answer?.ok) {
        room = answer.room.id;
        opened(connection, room, answer.partner);
        listener.opened();
      } else if (answer) {
        connection.close();
        listener.ended(answer.error);
      }
    }

    return {
      close: connection.close,
      ask: (command, input, deadlineMs) => connection.ask(command, named(input), deadlineMs),
    };
  };
}
