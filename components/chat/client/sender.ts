import type { ClientMessageId, RoomId, WireError } from "../../../protocol/events";
import type { ChatEvent, ChatState } from "../state/chat-state";
import { isUnsent, type Outgoing } from "../state/outgoing";
import { retryDelayMs } from "./backoff";
import type { ClientConnection } from "./connection";
import type { Cancel, Environment } from "./environment";

export type SenderHost = {
  room: RoomId;
  state(): ChatState;
  dispatch(event: ChatEvent): void;
  ask: ClientConnection["ask"];
  rejoin(): void;
};

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
export function createSender(
  environment: Environment,
  { room, state, dispatch, ask, rejoin }: SenderHost,
  sync: () => void,
): Sender {
  let isSending = false;
  let refusals = 0;
  let cancelWait: Cancel | undefined;
  const renewed = new Set<ClientMessageId>();

  const canSend = (): boolean => {
    const { link, outbox, feed } = state();
    return !cancelWait && link.is === "live" && feed.cursor !== undefined && outbox.some(isUnsent);
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
    const input = { room, clientMessageId: id, text, since, ...(replyTo !== undefined && { replyTo }) };
    const answer = await ask("message:send", input);
    if (answer?.ok) {
      refusals = 0;
      dispatch({ type: "draft:stored", id, receipt: { seq: answer.seq, at: answer.at } });
    } else if (answer) refused(draft, answer.error);
    return true;
  }

  function refused({ clientMessageId: id, since }: Outgoing, error: WireError): void {
    // The first try met a room with a new epoch: the draft was not stored, and may be tried again with the new cursor.
    const isOfOldEpoch = error.code === "expired" && !since && !renewed.has(id);
    if (isOfOldEpoch) {
      renewed.add(id);
      dispatch({ type: "draft:untried", id });
    }
    const isOutside = isOfOldEpoch || error.code === "not_joined";
    if (isOutside) rejoin();
    if (isOutside || error.retryable) {
      // An old epoch is no refusal of the room: the next try comes as soon as this one did.
      if (!isOfOldEpoch) refusals += 1;
      cancelWait = environment.after(retryDelayMs(environment, refusals, error), resume);
    } else dispatch({ type: "draft:refused", id, error });
  }

  function close(): void {
    cancelWait?.();
    cancelWait = undefined;
  }

  function resume(): void {
    close();
    void flush();
  }

  return { flush, resume, close };
}
