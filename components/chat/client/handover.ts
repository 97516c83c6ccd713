import type { WireError } from "../../../protocol/events";
import type { Cancel, Environment } from "./environment";
import { type EntryPlan, type LinkedConnection, type LinkedOptions, openLinked } from "./linked-connection";

/** An entry rarely takes longer. */
const enteringMs = 1_000;

export type HandoverOptions<Answer> = LinkedOptions & {
  /** Makes what the next connection is opened for. */
  plan(): EntryPlan<Answer>;
};

export type HandoverListener = {
  /** The current connection serves. */
  entered(): void;
  /** The current connection's entry was refused for now. */
  postponed(delayMs: number, error: WireError): void;
  /**
   * The current connection has ended; `used`: the token of its handshake. `isReplaced`: its successor is still opening.
   */
  lost(error: WireError | undefined, used: string | undefined, isReplaced: boolean): void;
  /** How long to wait after a failure. */
  nextDelayMs(error?: WireError): number;
};

/** The connection that serves, and while its replica drains the one that is to replace it. */
export type Handover = {
  begin(): void;
  /** Enters again over the current connection; false if there is none. */
  enter(): boolean;
  ask: LinkedConnection["ask"];
  close(): void;
};

export function createHandover<Answer>(
  environment: Environment,
  options: HandoverOptions<Answer>,
  listener: HandoverListener,
): Handover {
  let current: Candidate | undefined;
  let successor: Candidate | undefined;

  const open = (): Candidate =>
    openCandidate(environment, options, {
      takeOver(candidate) {
        if (candidate !== successor) return;
        current?.retire();
        current = candidate;
        successor = undefined;
      },
      entered: listener.entered,
      postponed: (candidate, ...why) => candidate === current && listener.postponed(...why),
      ended: lose,
      due(candidate) {
        // A successor whose replica drains too is replaced in turn, once it has taken over.
        if (candidate === successor) candidate.replaceAfter(enteringMs);
        else if (candidate === current) successor ??= open();
      },
    });

  function lose(candidate: Candidate, error?: WireError, used?: string): void {
    if (candidate === current) {
      current = successor;
      successor = undefined;
      listener.lost(error, used, current !== undefined);
    } else if (candidate === successor) {
      successor = undefined;
      // The old connection still serves. The next replica may not drain, or may accept this address.
      if (!error || error.retryable) current?.replaceAfter(listener.nextDelayMs(error));
    }
  }

  return {
    begin() {
      current = open();
    },
    enter() {
      current?.enter();
      return current !== undefined;
    },
    ask: async (...question) => current?.ask(...question),
    close() {
      successor?.close();
      current?.close();
      current = successor = undefined;
    },
  };
}

/** A connection that serves, is to serve, or has served. */
type Candidate = LinkedConnection & {
  /** Replaces it after this time, while it still serves. */
  replaceAfter(delayMs: number): void;
};

type CandidateListener = Pick<HandoverListener, "entered"> & {
  /** Makes a candidate that has entered the current connection. */
  takeOver(candidate: Candidate): void;
  postponed(candidate: Candidate, delayMs: number, error: WireError): void;
  ended(candidate: Candidate, error?: WireError, used?: string): void;
  /** The time to replace it has come. */
  due(candidate: Candidate): void;
};

function openCandidate<Answer>(
  environment: Environment,
  options: HandoverOptions<Answer>,
  listener: CandidateListener,
): Candidate {
  let cancelReplacement: Cancel = () => {};
  const plan = options.plan();

  function replaceAfter(delayMs: number): void {
    cancelReplacement();
    cancelReplacement = environment.after(delayMs, () => listener.due(candidate));
  }

  const linked = openLinked(environment, options, plan, {
    entered(answer) {
      listener.takeOver(candidate);
      plan.entered(answer);
      listener.entered();
    },
    postponed: (...why) => listener.postponed(candidate, ...why),
    draining: replaceAfter,
    ended: (...why) => listener.ended(candidate, ...why),
  });
  const candidate: Candidate = { ...linked, replaceAfter };
  return candidate;
}
