import type { WireError } from "../../../protocol/events";
import type { Cancel, Environment } from "./environment";
import { type LinkedConnection, type LinkedOptions, openLinked, type Purpose } from "./linked-connection";

/** An entry rarely takes longer. */
const enteringMs = 1_000;

export type HandoverOptions<Answer> = LinkedOptions & {
  /** Makes what the next connection is opened for. */
  purpose(): Purpose<Answer>;
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
  current(): LinkedConnection | undefined;
  close(): void;
};

type Candidate = LinkedConnection & {
  /** Replaces it after this time, while it still serves. */
  replaceAfter(delayMs: number): void;
};

export function createHandover<Answer>(
  environment: Environment,
  options: HandoverOptions<Answer>,
  listener: HandoverListener,
): Handover {
  let current: Candidate | undefined;
  let successor: Candidate | undefined;

  function open(): Candidate {
    let cancelReplacement: Cancel = () => {};
    const purpose = options.purpose();

    function replaceAfter(delayMs: number): void {
      cancelReplacement();
      cancelReplacement = environment.after(delayMs, () => {
        // A successor whose replica drains too is replaced in turn, once it has taken over.
        if (candidate === successor) replaceAfter(enteringMs);
        else if (candidate === current) successor ??= open();
      });
    }

    const linked = openLinked(environment, options, purpose, {
      entered(answer) {
        if (!takesOver(candidate)) return;
        purpose.entered(answer);
        listener.entered();
      },
      postponed: (delayMs, error) => candidate === current && listener.postponed(delayMs, error),
      draining: replaceAfter,
      ended(error, used) {
        if (candidate === current) lose(error, used);
        else if (candidate === successor) loseSuccessor(error);
      },
    });
    const candidate: Candidate = { ...linked, replaceAfter };
    return candidate;
  }

  /** False for a retired connection that answers late: accepting that would move the link back to it. */
  function takesOver(candidate: Candidate): boolean {
    if (candidate === successor) {
      current?.retire();
      current = candidate;
      successor = undefined;
    }
    return candidate === current;
  }

  function lose(error: WireError | undefined, used: string | undefined): void {
    current = successor;
    successor = undefined;
    listener.lost(error, used, current !== undefined);
  }

  /**
   * The old connection still serves. Retry: the next replica may not be draining, and may have a place for this
   * address.
   */
  function loseSuccessor(error?: WireError): void {
    successor = undefined;
    if (!error || error.retryable) current?.replaceAfter(listener.nextDelayMs(error));
  }

  return {
    begin() {
      current = open();
    },
    current: () => current,
    close() {
      successor?.close();
      current?.close();
      current = successor = undefined;
    },
  };
}
