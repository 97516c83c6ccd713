import type { ClientMessageId } from "../../../protocol/events";
import { findDraft, type Outgoing } from "../state/outgoing";
import type { Cancel, Environment } from "./environment";
import type { RoomContext } from "./room-context";
import { createSender, type Sender } from "./sender";
import { type SharedDrafts, shareDrafts } from "./shared-drafts";

/** A draft without an ack after this time shows as unconfirmed. */
export const lateMs = 5_000;

/** The drafts of one room, from their writing to their fate. */
export type DraftOutbox = Sender &
  Pick<SharedDrafts, "sync"> & {
    watchTabs(): Cancel;
    write(text: string, replyTo?: number): void;
    retry(id: ClientMessageId): void;
    discard(id: ClientMessageId): void;
  };

export function createOutbox(environment: Environment, context: RoomContext): DraftOutbox {
  const { state, dispatch } = context;
  const lateTimers = new Set<Cancel>();
  const shared = shareDrafts(environment, context, watchFor);
  const { flush, resume, close } = createSender(environment, context, shared.sync);

  function watchFor(id: ClientMessageId): void {
    lateTimers.add(environment.after(lateMs, () => dispatch({ type: "draft:late", id })));
  }

  const discard = (id: ClientMessageId): void => dispatch({ type: "draft:discarded", id });

  /** Later than every draft before it, even if the clock is set back: drafts are sorted by this time. */
  const timeOfWriting = (): number =>
    Math.max(environment.now(), (state().outbox.at(-1)?.writtenAt ?? 0) + 1);

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
    flush();
  }

  return {
    sync: shared.sync,
    watchTabs: () => shared.watchTabs(flush),
    flush,
    resume,
    write,
    retry(id) {
      const draft = findDraft(state().outbox, id);
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
    close() {
      close();
      for (const cancel of lateTimers) cancel();
      lateTimers.clear();
      // Their entries come with the feed when the room is next opened.
      for (const { clientMessageId, fate } of state().outbox)
        if (fate.is === "sent") discard(clientMessageId);
    },
  };
}
