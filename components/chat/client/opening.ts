import type { Handshake, WireError } from "../../../protocol/events";
import type { Cancel, Environment, OpenSocket, Socket } from "./environment";
import { inTurn } from "./first-visit";

/** An upgrade to a replica that has not attached its socket yet hangs for ever. */
const openingMs = 5_000;
/** A new visitor's proof of work takes a slow phone about a second; then the socket opens once more. */
const provingMs = 20_000;

/** The other tabs see a stored value after this time at the latest. */
const storedMs = 100;

type OpeningListener = {
  /** Called with each socket: a new visitor's opens once more, with its proof of work. */
  attach(socket: Socket, introduction: Handshake): void;
  failed(error?: WireError): void;
};

/** How a connection comes to its socket: with a deadline, one tab after another for a new visitor, and with a proof. */
export function createOpening(
  environment: Environment,
  handshake: () => Handshake,
  { attach, failed }: OpeningListener,
) {
  const deadline = createDeadline(environment, failed);
  const turn = createTurn(environment);
  let isOver = false;
  let openSocket: OpenSocket | undefined;

  function open(introduction: Handshake): void {
    if (!isOver && openSocket)
      attach(
        openSocket(() => introduction),
        introduction,
      );
  }

  async function introduce(loaded: OpenSocket): Promise<void> {
    openSocket = loaded;
    const introduction = handshake();
    if (isOver || introduction.token) return open(introduction);
    await inTurn(environment, async () => {
      const newest = handshake();
      open(newest);
      if (!isOver && !newest.token) await turn.isOver;
    });
  }

  return {
    begin(): void {
      deadline.set(openingMs);
      environment.loadSockets().then(introduce, () => failed());
    },
    done: deadline.cancel,
    refused(introduction: Handshake, error?: WireError): void {
      const fail = () => failed(error);
      if (!error?.challenge || introduction.proof) fail();
      else {
        deadline.set(provingMs);
        environment.prove(error.challenge).then((proof) => open({ ...introduction, proof }), fail);
      }
    },
    /** False if another tab has become a visitor first, which happens without locks: this tab is to connect as that one. */
    started(introduction: Handshake): boolean {
      if (introduction.token) return true;
      const isLate = handshake().token !== undefined;
      if (!isLate) turn.end();
      return !isLate;
    },
    close(): void {
      isOver = true;
      deadline.cancel();
      turn.end();
    },
  };
}

function createDeadline({ after }: Environment, missed: () => void) {
  let cancel: Cancel = () => {};
  return {
    set(ms: number): void {
      cancel();
      cancel = after(ms, missed);
    },
    cancel: () => cancel(),
  };
}

/** The turn of a tab that becomes a visitor: it ends when the others can see the new token. */
function createTurn({ after }: Environment) {
  let end: () => void = () => {};
  const isOver = new Promise<void>((resolve) => {
    end = () => void after(storedMs, resolve);
  });
  return { isOver, end };
}
