import type { JoinAnswer, Locale, RoomId, WireError } from "../../../protocol/events";
import type { ChatEvent, ChatState, Link } from "../state/chat-state";
import { isUnsent } from "../state/outgoing";
import { type Attendance, attend } from "./attendance";
import { retryDelayMs } from "./backoff";
import type { OpenConnection } from "./connection";
import { openSessionToken } from "./session-token";
import type { Cancel, World } from "./world";

/** A tab that nobody has looked at for so long gives its place back; it returns when looked at. */
export const idleMs = 15 * 60_000;

export type LinkHost = {
  room: RoomId;
  locale: Locale;
  openConnection: OpenConnection;
  state(): ChatState;
  dispatch(event: ChatEvent): void;
  /** The room is joined and commands are answered. */
  live(): void;
};

/** Keeps one connection in the room: retries, changes replicas when asked to, sleeps and wakes with the tab. */
export type LinkKeeper = {
  open(): void;
  /** Leaves the room, and the site's other visitors see it. */
  leave(): void;
  /** Tries at once whatever was put off. */
  hurry(): void;
  rejoin(): void;
  fallAsleepLater(): void;
  stayAwake(): void;
  ask: Attendance["ask"];
};

export function keepLink(world: World, host: LinkHost): LinkKeeper {
  const token = openSessionToken(world.local);
  let current: Attendance | undefined;
  /** The connection to another replica that is to replace a draining one. */
  let successor: Attendance | undefined;
  let attempt = 0;
  /** Kept over failures without a word: a browser is not told the status (429) of an upgrade that was refused. */
  let reason: WireError | undefined;
  let cancelRetry: Cancel = () => {};
  let cancelDrain: Cancel = () => {};
  let cancelSleep: Cancel = () => {};

  const show = (link: Link): void => host.dispatch({ type: "link:changed", link });

  function begin(): Attendance {
    let used: string | undefined;
    /** A successor may meet a replica that drains as well; it moves on once it has taken over. */
    let movesAfterMs: number | undefined;
    const attendance: Attendance = attend(
      world,
      {
        room: host.room,
        openConnection: host.openConnection,
        cursor: () => host.state().feed.cursor,
        handshake() {
          used = token.current();
          return { protocol: 1, locale: host.locale, ...(used && { token: used }) };
        },
      },
      {
        named: token.keep,
        heard: host.dispatch,
        joined(answer) {
          arrive(attendance, answer);
          if (movesAfterMs !== undefined) replaceAfter(movesAfterMs);
          movesAfterMs = undefined;
        },
        postponed: (retryAt, error) => attendance === current && show({ is: "waiting", retryAt, error }),
        draining(afterMs) {
          if (attendance === current) replaceAfter(afterMs);
          else movesAfterMs = afterMs;
        },
        ended: (error) => (attendance === current ? lose(error, used) : loseSuccessor()),
      },
    );
    return attendance;
  }

  function connect(): void {
    cancelRetry();
    show({ is: "connecting", attempt, ...(reason && { error: reason }) });
    current = begin();
  }

  function arrive(attendance: Attendance, answer: JoinAnswer): void {
    if (attendance !== current) {
      current?.close();
      current = attendance;
      successor = undefined;
    }
    cancelDrain();
    attempt = 0;
    reason = undefined;
    host.dispatch({ type: "room:joined", answer });
    show({ is: "live" });
    host.live();
  }

  function lose(error: WireError | undefined, used: string | undefined): void {
    cancelDrain();
    current = successor;
    successor = undefined;
    if (current) show({ is: "connecting", attempt });
    else if (error?.code === "invalid_token" && used) {
      token.drop(used);
      // Nobody is to speak under another name than they wrote under, nor twice; whoever wants to may send it again.
      for (const { clientMessageId } of host.state().outbox.filter(isUnsent))
        host.dispatch({ type: "draft:refused", id: clientMessageId, error });
      connect();
    } else if (error && !error.retryable) show({ is: "refused", error });
    else retry(error);
  }

  function retry(error = reason): void {
    attempt += 1;
    reason = error;
    const delayMs = error?.retryAfterMs ?? retryDelayMs(attempt, world.random);
    cancelRetry = world.after(delayMs, connect);
    show({ is: "waiting", retryAt: world.now() + delayMs, ...(error && { error }) });
  }

  function replaceAfter(afterMs: number): void {
    cancelDrain();
    cancelDrain = world.after(afterMs, () => {
      if (current && !successor) successor = begin();
    });
  }

  /** Perhaps it met another draining replica; the old connection still serves. */
  function loseSuccessor(): void {
    successor = undefined;
    attempt += 1;
    replaceAfter(retryDelayMs(attempt, world.random));
  }

  function shut(end: "close" | "leave"): void {
    // First of all: who sends while the link is live would otherwise try again and again.
    show({ is: "asleep" });
    cancelRetry();
    cancelDrain();
    cancelSleep();
    successor?.close();
    current?.[end]();
    current = successor = undefined;
  }

  return {
    open: connect,
    leave: () => shut("leave"),
    hurry() {
      if (current) current.join();
      else connect();
    },
    rejoin: () => current?.join(),
    fallAsleepLater() {
      cancelSleep = world.after(idleMs, () => shut("close"));
    },
    stayAwake: () => cancelSleep(),
    ask: async (...question) => current?.ask(...question),
  };
}
