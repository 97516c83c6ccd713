import type { ClientMessageId, Receipt, RoomId, WireError } from "../../../protocol/events";
import type { ChatEvent, ChatState } from "../state/chat-state";
import { isUnsent, type Outgoing } from "../state/outgoing";
import { retryDelayMs } from "./backoff";
import type { ClientConnection } from "./connection";
import type { Cancel, Environment } from "./environment";
import { outboxPrefix, readDraft, type SavedOutbox, writeDraft } from "./saved-outbox";

/** A draft without an ack after this time shows as unconfirmed. */
export const lateMs = 5_000;
/** If the oldest unsent draft is older than this, the visitor must confirm before drafts are sent. */
export const heldMs = 60 * 60_000;

export type OutboxHost = {
  room: RoomId;
  saved: SavedOutbox;
  state(): ChatState;
  dispatch(event: ChatEvent): void;
  ask: ClientConnection["ask"];
  rejoin(): void;
};

export type Sender = {
  /** Loads the room's saved drafts, with what other tabs have done to them. */
  sync(): void;
  watchTabs(): Cancel;
  write(text: string, replyTo?: number): void;
  retry(id: ClientMessageId): void;
  discard(id: ClientMessageId): void;
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
export function createSender(environment: Environment, host: OutboxHost): Sender {
  const { room, saved, dispatch } = host;
  let isSending = false;
  let refusals = 0;
  let cancelPause: Cancel | undefined;
  const lateTimers = new Set<Cancel>();
  const renewed = new Set<ClientMessageId>();

  const find = (id: ClientMessageId): Outgoing | undefined =>
    host.state().outbox.find(({ clientMessageId }) => clientMessageId === id);

  const discard = (id: ClientMessageId): void => dispatch({ type: "draft:discarded", id });

  const watchFor = (id: ClientMessageId): void =>
    void lateTimers.add(environment.after(lateMs, () => dispatch({ type: "draft:late", id })));

  /** Later than every draft before it, even if the clock is set back: drafts are sorted by this time. */
  const timeOfWriting = (): number =>
    Math.max(environment.now(), (host.state().outbox.at(-1)?.writtenAt ?? 0) + 1);

  function write(text: string, replyTo?: number): void {
    const draft: Outgoing = {
      clientMessageId: environment.newId(),
      text,
      ...(replyTo !== undefined && { replyTo }),
      writtenAt: timeOfWriting(),
      fate: { is: "pending" },
    };
    dispatch({ type: "draft:written", draft });
    watchFor(draft.clientMessageId);
    void flush();
  }

  function sync(): void {
    const drafts = saved.drafts();
    const kept = new Set(drafts.map(({ clientMessageId }) => clientMessageId));
    for (const { clientMessageId, fate } of host.state().outbox)
      if (fate.is !== "sent" && !kept.has(clientMessageId)) discard(clientMessageId);
    add(drafts);
    // Drop drafts of a tab that was closed between the ack and the entry.
    const left = drafts.filter(({ clientMessageId: id, fate }) => fate.is === "sent" && !find(id));
    if (left.length > 0) saved.save(left, []);
    const first = host.state().outbox.find(isUnsent);
    if (first && environment.now() - first.writtenAt > heldMs) dispatch({ type: "outbox:held" });
  }

  function add(drafts: readonly Outgoing[]): void {
    const known = new Map(host.state().outbox.map((draft) => [draft.clientMessageId, draft]));
    const added = drafts.filter((draft) => {
      const mine = known.get(draft.clientMessageId);
      return mine ? writeDraft(mine) !== writeDraft(draft) : draft.fate.is !== "sent";
    });
    if (added.length === 0) return;
    dispatch({ type: "outbox:restored", outbox: added });
    for (const draft of added)
      if (isUnsent(draft) && !known.has(draft.clientMessageId)) watchFor(draft.clientMessageId);
  }

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
    sync();
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
    cancelPause = environment.after(retryDelayMs(1, environment.random), resume);
  }

  function refused(id: ClientMessageId, error: WireError): void {
    if (error.code === "not_joined") host.rejoin();
    if (!error.retryable && error.code !== "not_joined") dispatch({ type: "draft:refused", id, error });
    else {
      refusals += 1;
      cancelPause = environment.after(
        error.retryAfterMs ?? retryDelayMs(refusals, environment.random),
        resume,
      );
    }
  }

  function resume(): void {
    cancelPause?.();
    cancelPause = undefined;
    void flush();
  }

  /** Another tab has written, sent or discarded a draft. */
  function heard(key: string, value: string | undefined): void {
    const draft = readDraft(value);
    const id = key.slice(outboxPrefix(room).length);
    if (draft) add([draft]);
    else if (find(id)?.fate.is !== "sent") discard(id);
    void flush();
  }

  return {
    sync,
    watchTabs: () => environment.watchTabs(outboxPrefix(room), heard),
    write,
    retry(id) {
      const draft = find(id);
      if (draft?.fate.is === "failed") {
        discard(id);
        write(draft.text, draft.replyTo);
      } else if (draft?.fate.is === "held") {
        dispatch({ type: "draft:released", id, at: timeOfWriting() });
        watchFor(id);
      }
      resume();
    },
    discard,
    flush: () => void flush(),
    resume,
    close() {
      cancelPause?.();
      cancelPause = undefined;
      for (const cancel of lateTimers) cancel();
      lateTimers.clear();
      // Their entries come with the feed when the room is next opened.
      for (const { clientMessageId, fate } of host.state().outbox)
        if (fate.is === "sent") discard(clientMessageId);
    },
  };
}
