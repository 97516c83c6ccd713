import { io, type Socket } from "socket.io-client";
import type { Ack, Handshake, ServerToClient } from "../../protocol/events";
import { prove } from "./prove";
import { type Trouble, troubleOf } from "./trouble";

/** An upgrade to a replica that is not quite there yet may hang for ever. */
const openingMs = 5_000;
/** A server that lives answers sooner, be it with `unavailable`: silence means that the link is dead. */
const answerMs = 8_000;
/** How long a replaced connection may still wait for answers. */
const retirementMs = 2_000;

/** `undefined`: the connection ended before the answer came, so nobody knows what became of the command. */
export type Answered<Answer> = (ack: Ack<Answer> | undefined) => void;

/** One socket to one replica, from its opening to its end. */
export type Connection = {
  /** Answers in the very turn in which the ack arrives: what the server sends behind it finds it taken. */
  ask<Answer>(command: string, input: object, answered: Answered<Answer>): void;
  /**
   * Its listener hears nothing more, and it ends when what was asked has its answers. Another connection has taken over, so a
   * join counts as unanswered: who is in the room here is not in it there.
   */
  retire(): void;
  /** Ends it; its listener hears nothing more. */
  close(): void;
};

const events = [
  "session:started",
  "feed:appended",
  "feed:gap",
  "status:changed",
  "replica:draining",
] as const satisfies (keyof ServerToClient)[];

export type Listener = Pick<ServerToClient, (typeof events)[number]> & {
  opened(): void;
  ended(trouble: Trouble): void;
};

export function connect(url: string, handshake: Handshake, listener: Listener): Connection {
  let isOver = false;
  let isRetired = false;
  let unanswered = 0;
  let retirement: NodeJS.Timeout | undefined;
  let opening: NodeJS.Timeout | undefined;
  let socket = open(handshake);

  function open(auth: Handshake): Socket {
    opening = setTimeout(() => end({ why: "it does not answer" }), openingMs);
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
    // First of all: who hears that an answer will not come must know already that the connection is gone.
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
          if (failure) end({ why: "it does not answer" });
          unanswered -= 1;
          answered(failure || (isRetired && command === "room:join") ? undefined : ack);
          if (isRetired && unanswered === 0) close();
        });
    },
  };
}
