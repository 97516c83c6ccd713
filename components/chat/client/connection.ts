import type { Handshake, ServerToClient, WireError } from "../../../protocol/events";
import type { Environment, Socket } from "./environment";
import { createOpening } from "./opening";
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

export type OpenConnection = typeof openConnection;

export function openConnection(
  environment: Environment,
  handshake: () => Handshake,
  { opened: whenOpened, ended, ...hears }: Listener,
): ClientConnection {
  const questions = createQuestions(environment, end);
  const opening = createOpening(environment, handshake, { attach, failed: end });
  let isOver = false;
  let isRetired = false;
  let socket: Socket | undefined;

  function close(): void {
    if (isOver) return;
    isOver = true;
    opening.close();
    socket?.disconnect();
    questions.giveUp();
  }

  function end(error?: WireError): void {
    if (isOver) return;
    close();
    ended(error);
  }

  function attach(opened: Socket, introduction: Handshake): void {
    socket = opened;
    questions.sendOver(opened);
    opened.on("connect", () => {
      opening.done();
      if (!isOver) whenOpened();
    });
    opened.on("connect_error", ({ data }: Error & { data?: WireError }) =>
      opening.refused(introduction, data),
    );
    opened.on("disconnect", () => end());
    for (const [name, hear] of Object.entries(hears) as [string, (event: unknown) => void][])
      opened.on(name, (event: unknown) => {
        if (isOver || isRetired) return;
        if (name === "session:started" && !opening.started(introduction)) end();
        else hear(event);
      });
  }

  opening.begin();
  return {
    close,
    retire() {
      isRetired = true;
      questions.whenAnswered(close);
    },
    ask: questions.ask,
  };
}
