import type { ClientMessageId, Receipt, RoomId, WireError } from "../../../protocol/events";
import type { ChatEvent, ChatState } from "../state/chat-state";
import { isUnsent } from "../state/outgoing";
import { retryDelayMs } from "./backoff";
import type { Connection } from "./connection";
import type { Cancel, Environment } from "./environment";

export type SenderHost = {
  room: RoomId;
  state(): ChatState;
  dispatch(event: ChatEvent): void;
  ask: Connection["ask"];
  rejoin(): void;
  /** Loads what other tabs have done to the drafts. */
  sync(): void;
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
export function createSender(environment: Environment, host: SenderHost): Sender {
  const { room, dispatch } = host;
  let isSending = false;
  let refusals = 0;
  let cancelPause: Cancel | undefined;
  const renewed = new Set<ClientMessageId>();

  const canSend = (): boolean => {
    const { link, outbox, feed } = host.state();
    return !cancelPause && link.is === "live" && feed.cursor !== undefined && outbox.some(isUnsent);
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
    host.sync();
    const { outbox, feed } = host.state();
    const draft = outbox.find(isUnsent);
    if (!draft || !feed.cursor || !canSend()) return false;
    const { clientMessageId, text, replyTo, since = feed.cursor } = draft;
    dispatch({ type: "draft:tried", id: clientMessageId, since });
    const input = { room, clientMessageId, text, since, ...(replyTo !== undefined && { replyTo }) };
    const answer = await host.ask("message:send", input);
    if (answer?.ok) stored(clientMessageId, answer);
    else if (answer?.error.code === "expired" && !draft.since && !renewed.has(clientMessageId))
      renew(clientMessageId);
    else if (answer) refused(clientMessageId, answer.error);
    return true;
  }

  function stored(id: ClientMessageId, { seq, at }: Receipt): void {
    refusals = 0;
    dispatch({ type: "draft:stored", id, receipt: { seq, at } });
  }

  /**
   * The first try met a room with a new epoch: the draft was not stored, and may be tried again with the new cursor.
   */
  function renew(id: ClientMessageId): void {
    renewed.add(id);
    dispatch({ type: "draft:untried", id });
    host.rejoin();
    pause(retryDelayMs(1, environment.random));
  }

  function refused(id: ClientMessageId, error: WireError): void {
    if (error.code === "not_joined") host.rejoin();
    if (!error.retryable && error.code !== "not_joined") dispatch({ type: "draft:refused", id, error });
    else {
      refusals += 1;
      pause(error.retryAfterMs ?? retryDelayMs(refusals, environment.random));
    }
  }

  function pause(ms: number): void {
    cancelPause = environment.after(ms, resume);
  }

  function close(): void {
    cancelPause?.();
    cancelPause = undefined;
  }

  function resume(): void {
    close();
    void flush();
  }

  return { flush: () => void flush(), resume, close };
}
