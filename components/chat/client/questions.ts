import type { Ack, ClientToServer } from "../../../protocol/events";
import type { Environment, Socket } from "./environment";

type Commands = { [C in keyof ClientToServer]: Parameters<ClientToServer[C]> };
type Input<C extends keyof Commands> = Commands[C][0];
type Answer<C extends keyof Commands> = Parameters<Commands[C][1]>[0];

/** Resolves to `undefined` when the connection ended before the answer came. Never rejects. */
export type Ask = <C extends keyof Commands>(
  command: C,
  input: Input<C>,
  deadlineMs?: number,
) => Promise<Answer<C> | undefined>;

/** A live server answers sooner, if only with `unavailable`: silence means that the link is dead. */
const answerMs = 8_000;

/** The commands of one connection that are not answered yet. */
export type Questions = {
  ask: Ask;
  /** Sends the waiting questions, and all later ones, over this socket. */
  sendOver(socket: Socket): void;
  /** Calls `act` once nothing waits for an answer, which may be now. */
  whenAnswered(act: () => void): void;
  giveUp(): void;
};

/** Calls `late` when an answer does not come in time. */
export function createQuestions({ after }: Environment, late: () => void): Questions {
  const unanswered = new Set<() => void>();
  let isOver = false;
  let socket: Socket | undefined;
  let answered = () => {};
  let early: ((socket: Socket) => void)[] = [];

  return {
    ask: (command, input, deadlineMs = answerMs) =>
      new Promise((resolve) => {
        if (isOver) return resolve(undefined);
        const finish = (answer?: Ack<unknown>) => {
          cancelDeadline();
          unanswered.delete(finish);
          resolve(answer as Answer<typeof command> | undefined);
          if (unanswered.size === 0) answered();
        };
        const cancelDeadline = after(deadlineMs, late);
        unanswered.add(finish);
        const send = (to: Socket) => to.emit(command, input, finish);
        if (socket) send(socket);
        else early.push(send);
      }),
    sendOver(opened) {
      socket = opened;
      for (const send of early) send(opened);
      early = [];
    },
    whenAnswered(act) {
      answered = act;
      if (unanswered.size === 0) act();
    },
    giveUp() {
      isOver = true;
      for (const finish of unanswered) finish();
    },
  };
}
