import type { WireError } from "../../../protocol/events";
import type { Cancel, Environment } from "./environment";
import type { LinkedConnection, LinkedListener } from "./linked-connection";

/** An entry rarely takes longer. */
const enteringMs = 1_000;

export type HandoverHost = {
  open(listener: Omit<LinkedListener, "tokenGiven">): LinkedConnection;
  /** The current connection serves. */
  entered(take: () => void): void;
  postponed(delayMs: number, error: WireError): void;
  /** The current connection has ended; the one that is still opening takes its place. */
  moved(): void;
  /** The only connection has ended. */
  lost(error?: WireError): void;
  /** How long to wait after a failure. */
  delayMs(error?: WireError): number;
};

/** The connection that serves, and the one that is about to replace it. */
export type Handover = {
  begin(): void;
  current(): LinkedConnection | undefined;
  close(): void;
};

type Candidate = LinkedConnection & {
  /** Replaces it after this time, while it still serves. */
  replaceAfter(delayMs: number): void;
};

export function createHandover(environment: Environment, host: HandoverHost): Handover {
  let current: Candidate | undefined;
  /** Replaces `current`, because the replica of that one has asked us to move. */
  let successor: Candidate | undefined;

  function open(): Candidate {
    let cancelReplacement: Cancel = () => {};
    const replaceAfter = (delayMs: number): void => {
      cancelReplacement();
      cancelReplacement = environment.after(delayMs, () => {
        // A successor whose replica drains too is replaced in turn, once it has taken over.
        if (candidate === successor) replaceAfter(enteringMs);
        else if (candidate === current) successor ??= open();
      });
    };
    const connection = host.open({
      entered: (take) => takesOver(candidate) && host.entered(take),
      postponed: (delayMs, error) => candidate === current && host.postponed(delayMs, error),
      draining: replaceAfter,
      ended(error) {
        if (candidate === current) lose(error);
        else if (candidate === successor) loseSuccessor(error);
      },
    });
    const candidate: Candidate = { ...connection, replaceAfter };
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

  function lose(error?: WireError): void {
    current = successor;
    successor = undefined;
    if (current) host.moved();
    else host.lost(error);
  }

  /**
   * The old connection still serves. Retry: the next replica may not be draining, and may have a place for this
   * address.
   */
  function loseSuccessor(error?: WireError): void {
    successor = undefined;
    if (!error || error.retryable) current?.replaceAfter(host.delayMs(error));
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
