import type { ClientMessageId } from "../../../protocol/events";
import type { Outgoing } from "../state/outgoing";
import type { Cancel, Environment } from "./environment";
import { createSender, type Sender, type SenderHost } from "./sender";
import { findDraft, type SharedDrafts, type SharedDraftsHost, shareDrafts } from "./shared-drafts";

/** A draft without an ack after this time shows as unconfirmed. */
export const lateMs = 5_000;

export type OutboxHost = Omit<SenderHost, "sync"> & Omit<SharedDraftsHost, "added" | "changed">;

/** The drafts of one room, from their writing to their fate. */
export type DraftOutbox = SharedDrafts &
  Sender & {
    write(text: string, replyTo?: number): void;
    retry(id: ClientMessageId): void;
    discard(id: ClientMessageId): void;
  };

export function createOutbox(environment: Environment, host: OutboxHost): DraftOutbox {
  const { dispatch } = host;
  const lateTimers = new Set<Cancel>();
  const shared = shareDrafts(environment, { ...host, added: watchFor, changed: () => sender.flush() });
  const sender = createSender(environment, { ...host, sync: shared.sync });

  function watchFor(id: ClientMessageId): void {
    lateTimers.add(environment.after(lateMs, () => dispatch({ type: "draft:late", id })));
  }

  function discard(id: ClientMessageId): void {
    dispatch({ type: "draft:discarded", id });
  }

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
    sender.flush();
  }

  return {
    ...shared,
    ...sender,
    write,
    retry(id) {
      const draft = findDraft(host.state(), id);
      if (draft?.fate.is === "failed") {
        discard(id);
        write(draft.text, draft.replyTo);
      } else if (draft?.fate.is === "held") {
        dispatch({ type: "draft:released", id, at: timeOfWriting() });
        watchFor(id);
      }
      sender.resume();
    },
    discard,
    close() {
      sender.close();
      for (const cancel of lateTimers) cancel();
      lateTimers.clear();
      // Their entries come with the feed when the room is next opened.
      for (const { clientMessageId, fate } of host.state().outbox)
        if (fate.is === "sent") discard(clientMessageId);
    },
  };
}
