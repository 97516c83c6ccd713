import type { ClientMessageId, Receipt, RoomId, WireError } from "../../../protocol/events";
import type { ChatEvent, ChatState } from "../state/chat-state";
import { isUnsent, type Outgoing } from "../state/outgoing";
import { retryDelayMs } from "./backoff";
import type { Connection } from "./connection";
import { savedOutbox } from "./saved-outbox";
import type { Cancel, World } from "./world";

/** After so long without an ack the writer is told. */
export const lateMs = 5_000;

export type OutboxHost = {
  room: RoomId;
  state(): ChatState;
  dispatch(event: ChatEvent): void;
  ask: Connection["ask"];
  rejoin(): void;
};

/** Tells a duplicated tab, which has a copy of the outbox, what has been discarded in the other: the last ones. */
const discardedKey = "madang:discarded";
const mostDiscarded = 50;

const idsIn = (kept = ""): ClientMessageId[] => kept.split(" ").filter(Boolean);

export type Sender = {
  restore(): void;
  watchTabs(): Cancel;
  write(text: string, replyTo?: number): void;
  retry(id: ClientMessageId): void;
  discard(id: ClientMessageId): void;
  /** Sends what waits, unless something is on its way. */
  flush(): void;
  /** Ends a pause: whatever it waited for may be over. */
  resume(): void;
  close(): void;
};

/** Sends drafts strictly in the order of writing, one at a time, until each one's fate is known. */
export function createSender(world: World, host: OutboxHost): Sender {
  const { room, dispatch } = host;
  let isSending = false;
  let refusals = 0;
  let cancelPause: Cancel | undefined;
  const lateTimers = new Set<Cancel>();
  const renewed = new Set<ClientMessageId>();

  const watchFor = (id: ClientMessageId): void =>
    void lateTimers.add(world.after(lateMs, () => dispatch({ type: "draft:late", id })));

  function write(text: string, replyTo?: number): void {
    const draft: Outgoing = {
      clientMessageId: world.newId(),
      text,
      ...(replyTo !== undefined && { replyTo }),
      writtenAt: world.now(),
      fate: { is: "pending" },
    };
    dispatch({ type: "draft:written", draft });
    watchFor(draft.clientMessageId);
    void flush();
  }

  async function flush(): Promise<void> {
    const { link, outbox, feed } = host.state();
    const draft = outbox.find(isUnsent);
    if (!draft || !feed.cursor || isSending || cancelPause || link.is !== "live") return;
    const { clientMessageId, text, replyTo, since = feed.cursor } = draft;
    dispatch({ type: "draft:tried", id: clientMessageId, since });
    isSending = true;
    const input = { room, clientMessageId, text, since, ...(replyTo !== undefined && { replyTo }) };
    const answer = await host.ask("message:send", input);
    isSending = false;
    if (answer?.ok) stored(clientMessageId, answer);
    else if (answer?.error.code === "expired" && !draft.since && !renewed.has(clientMessageId))
      renew(clientMessageId);
    else if (answer) refused(clientMessageId, answer.error);
    void flush();
  }

  function stored(id: ClientMessageId, { seq, at }: Receipt): void {
    refusals = 0;
    dispatch({ type: "draft:stored", id, receipt: { seq, at } });
  }

  /** The very first try met a room that has started anew: it was not stored, and may be tried from there. */
  function renew(id: ClientMessageId): void {
    renewed.add(id);
    dispatch({ type: "draft:untried", id });
    host.rejoin();
    cancelPause = world.after(retryDelayMs(1, world.random), resume);
  }

  function refused(id: ClientMessageId, error: WireError): void {
    if (error.code === "not_joined") host.rejoin();
    if (!error.retryable && error.code !== "not_joined") dispatch({ type: "draft:refused", id, error });
    else {
      refusals += 1;
      cancelPause = world.after(error.retryAfterMs ?? retryDelayMs(refusals, world.random), resume);
    }
  }

  function discard(id: ClientMessageId): void {
    dispatch({ type: "draft:discarded", id });
    const known = idsIn(world.local.get(discardedKey));
    world.local.set(discardedKey, [id, ...known].slice(0, mostDiscarded).join(" "));
  }

  function drop(kept: string): void {
    for (const id of idsIn(kept)) dispatch({ type: "draft:discarded", id });
  }

  function resume(): void {
    cancelPause?.();
    cancelPause = undefined;
    void flush();
  }

  return {
    restore() {
      const discarded = new Set(idsIn(world.local.get(discardedKey)));
      const saved = savedOutbox(world.session, room);
      const outbox = saved.filter(({ clientMessageId }) => !discarded.has(clientMessageId));
      dispatch({ type: "outbox:restored", outbox });
      for (const { clientMessageId } of outbox.filter(isUnsent)) watchFor(clientMessageId);
    },
    watchTabs: () => world.watchTabs(discardedKey, drop),
    write,
    retry(id) {
      const draft = host.state().outbox.find(({ clientMessageId }) => clientMessageId === id);
      if (draft?.fate.is === "failed") {
        discard(id);
        write(draft.text, draft.replyTo);
      } else resume();
    },
    discard,
    flush: () => void flush(),
    resume,
    close() {
      cancelPause?.();
      cancelPause = undefined;
      for (const cancel of lateTimers) cancel();
      lateTimers.clear();
    },
  };
}
