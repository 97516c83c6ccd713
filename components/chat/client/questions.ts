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

/** The commands of one connection that wait for their answers. */
export type Questions = {
  ask: Ask;
  /** Sends the commands that were asked before there was a socket, and all later ones. */
  sendTo(socket: Socket): void;
  areAnswered(): boolean;
  /** No answer will come any more. */
  giveUp(): void;
};

/** A live server answers sooner, if only with `unavailable`: silence means that the link is dead. */
const answerMs = 8_000;

/** `answered` is called after each answer; `unanswered` when one does not come in time. */
export function createQuestions(
  { after }: Environment,
  { answered, unanswered }: { answered(): void; unanswered(): void },
): Questions {
  const waiting = new Set<() => void>();
  let isOver = false;
  let socket: Socket | undefined;
  let early: ((socket: Socket) => void)[] = [];

  return {
    ask: (command, input, deadlineMs = answerMs) =>
      new Promise((resolve) => {
        if (isOver) return resolve(undefined);
        const settle = (answer?: Ack<unknown>) => {
          cancelDeadline();
          waiting.delete(settle);
          resolve(answer as Answer<typeof command> | undefined);
          answered();
        };
        const cancelDeadline = after(deadlineMs, unanswered);
        waiting.add(settle);
        const send = (to: Socket) => to.emit(command, input, settle);
        if (socket) send(socket);
        else early.push(send);
      }),
    sendTo(opened) {
      socket = opened;
      for (const send of early) send(opened);
      early = [];
    },
    areAnswered: () => waiting.size === 0,
    giveUp() {
      isOver = true;
      for (const settle of waiting) settle();
    },
  };
}
