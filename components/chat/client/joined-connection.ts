import type { Cursor, Handshake, JoinAnswer, RoomId, WireError } from "../../../protocol/events";
import type { ChatEvent } from "../state/chat-state";
import { retryDelayMs } from "./backoff";
import type { Connection, OpenConnection } from "./connection";
import type { Cancel, Environment } from "./environment";

export type JoinOptions = {
  room: RoomId;
  openConnection: OpenConnection;
  handshake: () => Handshake;
  /** Where to resume; read at the moment of joining. */
  cursor: () => Cursor | undefined;
};

export type JoinListener = {
  tokenGiven(token: string): void;
  joined(answer: JoinAnswer): void;
  /** The join was refused for now; it is tried again at `retryAt`. */
  postponed(retryAt: number, error: WireError): void;
  heard(event: ChatEvent): void;
  draining(afterMs: number): void;
  ended(error?: WireError): void;
};

/**
 * A connection that joins the room as soon as it opens, and passes on the room's events. Before the join it sends no
 * other command.
 */
export type JoinedConnection = Pick<Connection, "ask" | "retire" | "close"> & { join(): void; leave(): void };

export function openJoinedConnection(
  environment: Environment,
  options: JoinOptions,
  listener: JoinListener,
): JoinedConnection {
  const { room } = options;
  /** Events that came before the join's answer: they continue that answer, so they wait for it. */
  let early: ChatEvent[] | undefined = [];
  let refusals = 0;
  let isOpen = false;
  let isAsking = false;
  let hasJoined = false;
  let cancelRetry: Cancel = () => {};

  const hear = (of: string, event: ChatEvent): void => {
    if (of !== room) return;
    if (early) early.push(event);
    else listener.heard(event);
  };

  const connection = options.openConnection(environment, options.handshake, {
    opened() {
      isOpen = true;
      void join();
    },
    ended(error) {
      cancelRetry();
      listener.ended(error);
    },
    "session:started": ({ token }) => listener.tokenGiven(token),
    "feed:appended": ({ room: of, ...event }) => hear(of, { type: "feed:appended", ...event }),
    "feed:gap": ({ room: of, ...event }) => hear(of, { type: "feed:gap", ...event }),
    "typing:changed": ({ room: of, members }) => hear(of, { type: "typing:changed", members }),
    "status:changed"({ degraded }) {
      listener.heard({ type: "status:changed", degraded });
      if (early && refusals > 0 && !degraded) void join();
    },
    "replica:draining": ({ afterMs }) => listener.draining(afterMs),
  });

  async function join(): Promise<void> {
    if (!isOpen || isAsking) return;
    cancelRetry();
    isAsking = true;
    const cursor = options.cursor();
    const answer = await connection.ask("room:join", { room, ...(cursor && { cursor }) });
    isAsking = false;
    if (answer?.ok) welcome(answer);
    else if (answer) refuse(answer.error);
  }

  function welcome(answer: JoinAnswer): void {
    refusals = 0;
    hasJoined = true;
    listener.joined(answer);
    const waiting = early ?? [];
    early = undefined;
    waiting.forEach(listener.heard);
  }

  function refuse(error: WireError): void {
    if (error.retryable) postpone(error);
    else {
      connection.close();
      listener.ended(error);
    }
  }

  function postpone(error: WireError): void {
    refusals += 1;
    const delayMs = error.retryAfterMs ?? retryDelayMs(refusals, environment.random);
    cancelRetry = environment.after(delayMs, () => void join());
    listener.postponed(environment.uptimeMs() + delayMs, error);
  }

  function close(): void {
    cancelRetry();
    connection.close();
  }

  return {
    ...connection,
    // Before the join the server would refuse it for good. The caller gets `undefined`, and asks again.
    ask: async (...question) => (hasJoined ? connection.ask(...question) : undefined),
    close,
    join: () => void join(),
    leave() {
      if (!early) void connection.ask("room:leave", { room });
      close();
    },
  };
}
