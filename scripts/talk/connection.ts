import { io, type Socket } from "socket.io-client";
import type { Ack, Handshake, ServerToClient } from "../../protocol/events";
import { prove } from "./prove";
import { type Trouble, troubleOf } from "./trouble";

/** An upgrade to a replica that is still starting may hang for ever. */
const openingMs = 5_000;
/** A live server answers sooner, if only with `unavailable`: silence means that the link is dead. */
const answerMs = 8_000;
/** How long a replaced connection may still wait for answers. */
const retirementMs = 2_000;

/** `undefined`: the connection ended before the answer came, so the outcome of the command is unknown. */
export type OnAnswer<Answer> = (ack: Ack<Answer> | undefined) => void;

/** One socket to one replica, from its opening to its end. */
export type TalkConnection = {
  /** Calls back in the same turn in which the ack arrives, and so before the events that follow it. */
  ask<Answer>(command: string, input: object, answered: OnAnswer<Answer>): void;
  /**
   * Silences the listener, and ends the connection once every command has its answer. Another connection has taken
   * over, so a join counts as unanswered: joining the room here does not join it there.
   */
  retire(): void;
  /** Ends the connection, and silences the listener. */
  close(): void;
};

const events = [
  "session:started",
  "feed:appended",
  "feed:gap",
  "status:changed",
  "replica:draining",
] as const satisfies (keyof ServerToClient)[];

export type TalkListener = Pick<ServerToClient, (typeof events)[number]> & {
  opened(): void;
  ended(trouble: Trouble): void;
};

export function connect(url: string, handshake: Handshake, listener: TalkListener): TalkConnection {
  let isOver = false;
  let isRetired = false;
  let unanswered = 0;
  let retirement: NodeJS.Timeout | undefined;
  let opening: NodeJS.Timeout | undefined;
  let socket = open(handshake);

  function open(auth: Handshake): Socket {
    opening = setTimeout(() => end({ why: "it isn’t answering" }), openingMs);
    const opened = io(url, {
      path: "/socket.io",
      addTrailingSlash: false,
      transports: ["websocket"],
      forceNew: true,
      reconnection: false,
      auth,
    });
    opened.on("connect", () => {
      clearTimeout(opening);
      listener.opened();
    });
    opened.on("connect_error", (failure) => {
      const trouble = troubleOf(failure);
      const challenge = trouble.error?.challenge;
      if (!challenge || auth.proof) return end(trouble);
      clearTimeout(opening);
      prove(challenge).then(
        (proof) => {
          if (!isOver) socket = open({ ...auth, proof });
        },
        () => end(trouble),
      );
    });
    opened.on("disconnect", () => end({ why: "the connection was cut" }));
    for (const event of events) {
      const hear = listener[event] as (told: unknown) => void;
      opened.on(event, (told: unknown) => isOver || hear(told));
    }
    return opened;
  }

  function close(): void {
    isOver = true;
    clearTimeout(opening);
    clearTimeout(retirement);
    socket.disconnect();
  }

  function end(trouble: Trouble): void {
    if (isOver) return;
    isOver = true;
    // First: a callback that learns of a missing answer must find the connection marked as gone.
    listener.ended(trouble);
    close();
  }

  function retire(): void {
    isOver = isRetired = true;
    if (unanswered === 0) close();
    else retirement = setTimeout(close, retirementMs);
  }

  return {
    close,
    retire,
    ask(command, input, answered) {
      if (!socket.connected) return answered(undefined);
      unanswered += 1;
      socket
        .timeout(answerMs)
        .emit(command, input, (failure: Error | null, ack: Parameters<typeof answered>[0]) => {
          if (failure) end({ why: "it isn’t answering" });
          unanswered -= 1;
          answered(failure || (isRetired && command === "room:join") ? undefined : ack);
          if (isRetired && unanswered === 0) close();
        });
    },
  };
}
