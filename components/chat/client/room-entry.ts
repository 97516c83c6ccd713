import type { JoinAnswer, RoomId } from "../../../protocol/events";
import type { ChatEvent, ChatState } from "../state/chat-state";
import type { Purpose } from "./linked-connection";

type Options = { room: RoomId; state(): ChatState; dispatch(event: ChatEvent): void };

/** A connection that joins a room, where the cursor then is, and passes on the room's events. */
export function enterRoom({ room, state, dispatch }: Options): Purpose<JoinAnswer> {
  /** Events that came before the join's answer: they continue that answer, so they wait for it. */
  let early: ChatEvent[] | undefined = [];

  const hear = (of: string, event: ChatEvent): void => {
    if (of !== room) return;
    if (early) early.push(event);
    else dispatch(event);
  };

  return {
    isEntryFirst: true,
    hears: {
      "feed:appended": ({ room: of, ...event }) => hear(of, { type: "feed:appended", ...event }),
      "feed:gap": ({ room: of, ...event }) => hear(of, { type: "feed:gap", ...event }),
      "typing:changed": ({ room: of, members }) => hear(of, { type: "typing:changed", members }),
      "status:changed": ({ degraded }) => dispatch({ type: "status:changed", degraded }),
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
