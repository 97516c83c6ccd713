import type { ClientMessageId, RoomId } from "../../../protocol/events";
import type { ChatEvent, ChatState } from "../state/chat-state";
import { isUnsent, type Outgoing } from "../state/outgoing";
import type { Cancel, Environment } from "./environment";
import { outboxPrefix, readDraft, type SavedOutbox, writeDraft } from "./saved-outbox";

/** If the oldest unsent draft is older than this, the visitor must confirm before drafts are sent. */
export const heldMs = 60 * 60_000;

export type SharedDraftsHost = {
  room: RoomId;
  saved: SavedOutbox;
  state(): ChatState;
  dispatch(event: ChatEvent): void;
  /** Called for each unsent draft that this tab did not know. */
  added(id: ClientMessageId): void;
  /** Another tab has written, sent or discarded a draft. */
  changed(): void;
};

export type SharedDrafts = {
  /** Loads the room's saved drafts, with what other tabs have done to them. */
  sync(): void;
  watchTabs(): Cancel;
};

/** Keeps this tab's drafts equal to those that the tabs of this browser share. */
export function shareDrafts({ now, watchTabs }: Environment, host: SharedDraftsHost): SharedDrafts {
  const { room, saved, dispatch } = host;

  function sync(): void {
    const drafts = saved.drafts();
    const kept = new Set(drafts.map(({ clientMessageId }) => clientMessageId));
    for (const { clientMessageId: id, fate } of host.state().outbox)
      if (fate.is !== "sent" && !kept.has(id)) dispatch({ type: "draft:discarded", id });
    add(drafts);
    // Drop drafts of a tab that was closed between the ack and the entry.
    const left = drafts.filter(
      ({ clientMessageId: id, fate }) => fate.is === "sent" && !findDraft(host.state(), id),
    );
    if (left.length > 0) saved.save(left, []);
    const first = host.state().outbox.find(isUnsent);
    if (first && now() - first.writtenAt > heldMs) dispatch({ type: "outbox:held" });
  }

  function add(drafts: readonly Outgoing[]): void {
    const known = new Map(host.state().outbox.map((draft) => [draft.clientMessageId, draft]));
    const changed = drafts.filter((draft) => {
      const mine = known.get(draft.clientMessageId);
      return mine ? writeDraft(mine) !== writeDraft(draft) : draft.fate.is !== "sent";
    });
    if (changed.length === 0) return;
    dispatch({ type: "outbox:restored", outbox: changed });
    for (const draft of changed)
      if (isUnsent(draft) && !known.has(draft.clientMessageId)) host.added(draft.clientMessageId);
  }

  function hear(key: string, value: string | undefined): void {
    const draft = readDraft(value);
    const id = key.slice(outboxPrefix(room).length);
    if (draft) add([draft]);
    else if (findDraft(host.state(), id)?.fate.is !== "sent") dispatch({ type: "draft:discarded", id });
    host.changed();
  }

  return { sync, watchTabs: () => watchTabs(outboxPrefix(room), hear) };
}

export const findDraft = ({ outbox }: ChatState, id: ClientMessageId): Outgoing | undefined =>
  outbox.find(({ clientMessageId }) => clientMessageId === id);
