import type { ClientMessageId, WireError } from "../../../protocol/events";
import { isUnsent, type Outgoing } from "../state/outgoing";
import { retryDelayMs } from "./backoff";
import type { Cancel, Environment } from "./environment";
import type { RoomContext } from "./room-context";

export type Sender = {
  /** Sends the waiting drafts, unless one is being sent. */
  flush(): void;
  /** Ends a pause early: its cause may be over. */
  resume(): void;
  close(): void;
};

/**
 * Sends drafts strictly in the order of writing, one at a time over all tabs of this browser, until the outcome of each
 * is known. Without locks two tabs may send the same draft; its clientMessageId makes one message of it (C-2).
 */
export function createSender(environment: Environment, context: RoomContext, sync: () => void): Sender {
  const { room, state, dispatch, ask, rejoin } = context;
  const pause = createPause(environment, resume);
  const renewed = new Set<ClientMessageId>();
  let isSending = false;
  /** The cause of a refusal of the draft that is being sent may be over. */
  let isResumed = false;

  const canSend = (): boolean => {
    const { link, outbox, feed } = state();
    return !pause.isOn() && link.is === "live" && feed.cursor !== undefined && outbox.some(isUnsent);
  };

  async function flush(): Promise<void> {
    if (isSending || !canSend()) return;
    isSending = true;
    await environment.alone(`madang:sends:${room}`, async () => {
      while (await sendFirst());
    });
    isSending = false;
    // A draft may have been written while the lock was being released.
    void flush();
  }

  /** False when there is nothing to send, or not now. */
  async function sendFirst(): Promise<boolean> {
    sync();
    const { outbox, feed } = state();
    const draft = outbox.find(isUnsent);
    if (!draft || !feed.cursor || !canSend()) return false;
    const { clientMessageId: id, text, replyTo, since = feed.cursor } = draft;
    dispatch({ type: "draft:tried", id, since });
    isResumed = false;
    const reply = replyTo !== undefined && { replyTo };
    const answer = await ask("message:send", { room, clientMessageId: id, text, since, ...reply });
    if (answer?.ok) {
      pause.forgetRefusals();
      dispatch({ type: "draft:stored", id, receipt: { seq: answer.seq, at: answer.at } });
    } else if (answer) refused(draft, answer.error);
    return true;
  }

  function refused({ clientMessageId: id, since }: Outgoing, error: WireError): void {
    // The first try met a room with a new epoch: the draft was not stored, and may be tried again with the new cursor.
    const isOfOldEpoch = error.code === "expired" && !since && !renewed.has(id);
    if (isOfOldEpoch) dispatch({ type: "draft:untried", id });
    if (isOfOldEpoch) renewed.add(id);
    const isOutside = isOfOldEpoch || error.code === "not_joined";
    if (isOutside) rejoin();
    if (isResumed && error.code === "unavailable") return;
    // An old epoch is no refusal of the room: the next try comes as soon as this one did.
    if (isOutside || error.retryable) pause.begin(error, !isOfOldEpoch);
    else dispatch({ type: "draft:refused", id, error });
  }

  function resume(): void {
    isResumed = true;
    pause.end();
    void flush();
  }

  return { flush, resume, close: pause.end };
}

/** The wait after a refusal, longer with each one in a row. Calls `over` when its time is over. */
function createPause(environment: Environment, over: () => void) {
  let refusals = 0;
  let cancel: Cancel | undefined;
  return {
    isOn: () => cancel !== undefined,
    begin(error: WireError, isRefusal: boolean): void {
      if (isRefusal) refusals += 1;
      cancel = environment.after(retryDelayMs(environment, refusals, error), over);
    },
    end(): void {
      cancel?.();
      cancel = undefined;
    },
    forgetRefusals(): void {
      refusals = 0;
    },
  };
}
