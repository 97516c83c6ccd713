import type { Ack, ClientToServer, Handshake, ServerToClient, WireError } from "../../../protocol/events";
import type { Cancel, Environment, OpenSocket, Socket } from "./environment";

type Commands = { [C in keyof ClientToServer]: Parameters<ClientToServer[C]> };
type Input<C extends keyof Commands> = Commands[C][0];
type Answer<C extends keyof Commands> = Parameters<Commands[C][1]>[0];

/** One socket to one replica, from its opening to its end. */
export type ClientConnection = {
  /** Resolves to `undefined` when the connection ended before the answer came. Never rejects. */
  ask<C extends keyof Commands>(
    command: C,
    input: Input<C>,
    deadlineMs?: number,
  ): Promise<Answer<C> | undefined>;
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
/** A live server answers sooner, if only with `unavailable`: silence means that the link is dead. */
const answerMs = 8_000;

/** Tabs that open at once without a token connect one after another, so that they become the same visitor. */
const firstVisit = "madang:first-visit";
/** The other tabs see a stored value after this time at the latest. */
const storedMs = 100;

export type OpenConnection = typeof openConnection;

export function openConnection(
  environment: Environment,
  handshake: () => Handshake,
  { opened: whenOpened, ended, ...hears }: Listener,
): ClientConnection {
  const unanswered = new Set<() => void>();
  let isOver = false;
  let isRetired = false;
  let socket: Socket | undefined;
  /** Commands asked before the socket exists. */
  let early: ((socket: Socket) => void)[] = [];
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
    for (const giveUp of unanswered) giveUp();
  }

  function end(error?: WireError): void {
    if (isOver) return;
    close();
    ended(error);
  }

  function retire(): void {
    isRetired = true;
    if (unanswered.size === 0) close();
  }

  async function begin(openSocket: OpenSocket): Promise<void> {
    const introduction = handshake();
    if (isOver || introduction.token) return attach(openSocket, introduction);
    const take = async () => {
      const newest = handshake();
      attach(openSocket, newest);
      if (!isOver && !newest.token) await turn;
    };
    const byStorage = () =>
      import("./storage-turn").then(({ takeTurn }) => takeTurn(environment, firstVisit, take), take);
    await environment.alone(firstVisit, take, byStorage);
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
    for (const send of early) send(opened);
    early = [];
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
    retire,
    ask: (command, input, deadlineMs = answerMs) =>
      new Promise((resolve) => {
        if (isOver) return resolve(undefined);
        const settle = (answer?: Ack<unknown>) => {
          cancelDeadline();
          unanswered.delete(settle);
          resolve(answer as Answer<typeof command> | undefined);
          if (isRetired) retire();
        };
        const cancelDeadline = environment.after(deadlineMs, end);
        unanswered.add(settle);
        const send = (to: Socket) => to.emit(command, input, settle);
        if (socket) send(socket);
        else early.push(send);
      }),
  };
}
