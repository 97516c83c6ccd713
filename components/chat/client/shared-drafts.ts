import type { ClientMessageId } from "../../../protocol/events";
import { findDraft, isUnsent, type Outgoing } from "../state/outgoing";
import type { Cancel, Environment } from "./environment";
import type { RoomContext } from "./room-context";
import { outboxPrefix, readDraft, writeDraft } from "./saved-outbox";

/** If the oldest unsent draft is older than this, the visitor must confirm before drafts are sent. */
export const pauseAfterMs = 60 * 60_000;

/** Keeps this tab's drafts equal to the saved ones, which all tabs of this browser share. */
export type SharedDrafts = {
  /** Loads the room's saved drafts, with what other tabs have done to them. */
  sync(): void;
  /** Calls `changed` after another tab has written, sent or discarded a draft. */
  watchTabs(changed: () => void): Cancel;
};

/** Calls `added` with each unsent draft that this tab did not know. */
export function shareDrafts(
  environment: Environment,
  { room, saved, state, dispatch }: RoomContext,
  added: (id: ClientMessageId) => void,
): SharedDrafts {
  const discard = (id: ClientMessageId): void => dispatch({ type: "draft:discarded", id });

  function sync(): void {
    const drafts = saved.drafts();
    const kept = new Set(drafts.map(({ clientMessageId }) => clientMessageId));
    for (const { clientMessageId, fate } of state().outbox)
      if (fate.is !== "sent" && !kept.has(clientMessageId)) discard(clientMessageId);
    add(drafts);
    // Drop drafts of a tab that was closed between the ack and the entry.
    const left = drafts.filter(
      ({ clientMessageId: id, fate }) => fate.is === "sent" && !findDraft(state().outbox, id),
    );
    if (left.length > 0) saved.save(left, []);
    const first = state().outbox.find(isUnsent);
    if (first && environment.now() - first.writtenAt > pauseAfterMs) dispatch({ type: "outbox:held" });
  }

  function add(drafts: readonly Outgoing[]): void {
    const known = new Map(state().outbox.map((draft) => [draft.clientMessageId, draft]));
    const changed = drafts.filter((draft) => {
      const mine = known.get(draft.clientMessageId);
      return mine ? writeDraft(mine) !== writeDraft(draft) : draft.fate.is !== "sent";
    });
    if (changed.length === 0) return;
    dispatch({ type: "outbox:restored", outbox: changed });
    for (const draft of changed)
      if (isUnsent(draft) && !known.has(draft.clientMessageId)) added(draft.clientMessageId);
  }

  return {
    sync,
    watchTabs: (changed) =>
      environment.watchTabs(outboxPrefix(room), (key, value) => {
        const draft = readDraft(value);
        const id = key.slice(outboxPrefix(room).length);
        if (draft) add([draft]);
        else if (findDraft(state().outbox, id)?.fate.is !== "sent") discard(id);
        changed();
      }),
  };
}
