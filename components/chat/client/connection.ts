import type { Handshake, ServerToClient, WireError } from "../../../protocol/events";
import type { Cancel, Environment, OpenSocket, Socket } from "./environment";
import { inTurn } from "./first-visit";
import { type Ask, createQuestions } from "./questions";

/** One socket to one replica, from its opening to its end. */
export type ClientConnection = {
  ask: Ask;
  /** Ignores further events, and closes once every command is answered: another connection has taken over. */
  retire(): void;
  /** Closes without calling `ended`. */
  close(): void;
};

/**
 * Handlers of the server's events. `ended` is called at most once, with the server's reason if it gave one, and never
 * after `close()`.
 */
export type Listener = Partial<ServerToClient> & { opened(): void; ended(error?: WireError): void };

/** An upgrade to a replica that has not attached its socket yet hangs for ever. */
const openingMs = 5_000;
/** A new visitor's proof of work takes a slow phone about a second; then the socket opens once more. */
const provingMs = 20_000;

/** The other tabs see a stored value after this time at the latest. */
const storedMs = 100;

export type OpenConnection = typeof openConnection;

export function openConnection(
  environment: Environment,
  handshake: () => Handshake,
  { opened: whenOpened, ended, ...hears }: Listener,
): ClientConnection {
  const questions = createQuestions(environment, end);
  let isOver = false;
  let isRetired = false;
  let socket: Socket | undefined;
  let cancelOpening: Cancel = () => {};
  let endTurn: () => void = () => {};
  const turn = new Promise<void>((resolve) => {
    endTurn = () => void environment.after(storedMs, resolve);
  });

  function close(): void {
    if (isOver) return;
    isOver = true;
    cancelOpening();
    endTurn();
    socket?.disconnect();
    questions.giveUp();
  }

  function end(error?: WireError): void {
    if (isOver) return;
    close();
    ended(error);
  }

  async function begin(openSocket: OpenSocket): Promise<void> {
    const introduction = handshake();
    if (isOver || introduction.token) return attach(openSocket, introduction);
    await inTurn(environment, async () => {
      const newest = handshake();
      attach(openSocket, newest);
      if (!isOver && !newest.token) await turn;
    });
  }

  function attach(openSocket: OpenSocket, introduction: Handshake): void {
    if (isOver) return;
    /** Without locks another tab may have become a visitor first: this tab then reconnects as that visitor. */
    const isLost = (event: string): boolean => {
      if (event !== "session:started" || introduction.token) return false;
      const isLate = handshake().token !== undefined;
      if (isLate) end();
      else endTurn();
      return isLate;
    };
    const opened = openSocket(() => introduction);
    socket = opened;
    questions.sendOver(opened);
    opened.on("connect", () => {
      cancelOpening();
      if (!isOver) whenOpened();
    });
    opened.on("connect_error", ({ data: error }: Error & { data?: WireError }) => {
      if (!error?.challenge || introduction.proof) return end(error);
      cancelOpening();
      cancelOpening = environment.after(provingMs, end);
      environment.prove(error.challenge).then(
        (proof) => attach(openSocket, { ...introduction, proof }),
        () => end(error),
      );
    });
    opened.on("disconnect", () => end());
    for (const [name, hear] of Object.entries(hears) as [string, (event: unknown) => void][])
      opened.on(name, (event: unknown) => isOver || isRetired || isLost(name) || hear(event));
  }

  cancelOpening = environment.after(openingMs, end);
  environment.loadSockets().then(begin, () => end());

  return {
    close,
    retire() {
      isRetired = true;
      questions.whenAnswered(close);
    },
    ask: questions.ask,
  };
}
