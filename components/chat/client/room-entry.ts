import type { JoinAnswer, ServerToClient } from "../../../protocol/events";
import type { ChatEvent } from "../state/chat-state";
import type { EntryPlan } from "./linked-connection";
import type { RoomContext } from "./room-context";

/** These events are the same on the wire and in the chat, but for the room. */
type Heard = "feed:appended" | "feed:gap" | "typing:changed";

/** A connection that joins a room, where the cursor then is, and passes on the room's events. */
export function enterRoom({
  room,
  state,
  dispatch,
  rejoin,
}: Pick<RoomContext, "room" | "state" | "dispatch" | "rejoin">): EntryPlan<JoinAnswer> {
  /** Events that came before the join's answer: they continue that answer, so they wait for it. */
  let early: ChatEvent[] | undefined = [];

  function pass(event: ChatEvent): void {
    if (early) early.push(event);
    else dispatch(event);
  }

  const hear =
    <Type extends Heard>(type: Type) =>
    ({ room: of, ...event }: Parameters<ServerToClient[Type]>[0]): void => {
      if (of === room) pass({ type, ...event } as object as ChatEvent);
    };

  return {
    isEntryFirst: true,
    hears: {
      "feed:appended": hear("feed:appended"),
      "feed:gap": hear("feed:gap"),
      "typing:changed": hear("typing:changed"),
      "room:changed": (event) => event.room.id === room && pass({ type: "room:changed", ...event }),
      // The refusal of the join says until when.
      "room:banned": (event) => event.room === room && rejoin(),
      "status:changed": (event) => dispatch({ type: "status:changed", ...event }),
    },
    enter(connection) {
      const { cursor } = state().feed;
      return connection.ask("room:join", { room, ...(cursor && { cursor }) });
    },
    entered(answer) {
      dispatch({ type: "room:joined", answer });
      early?.forEach(dispatch);
      early = undefined;
    },
  };
}
