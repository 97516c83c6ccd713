import type { ClientMessageId, Cursor, Entry, Receipt, VisitorId, WireError } from "../../../protocol/events";

/** A draft's outcome so far. `sent`: the server has stored it, but its entry has not arrived yet. */
export type Fate =
  | { is: "pending" }
  | { is: "unconfirmed" }
  /** Waits for the visitor's confirmation: drafts had been unsent for too long. */
  | { is: "held" }
  | { is: "sent"; receipt: Receipt }
  | { is: "failed"; error: WireError };

/** A draft on its way; an outbox holds them in the order of writing. */
export type Outgoing = {
  clientMessageId: ClientMessageId;
  text: string;
  replyTo?: number;
  /** The cursor at the first try: it lets the server refuse a very late retry instead of storing it twice (C-2). */
  since?: Cursor;
  writtenAt: number;
  fate: Fate;
};

export type Outbox = readonly Outgoing[];

/** True for drafts that are still to be sent. */
export const isUnsent = ({ fate }: Outgoing): boolean => fate.is === "pending" || fate.is === "unconfirmed";

export const findDraft = (outbox: Outbox, id: ClientMessageId): Outgoing | undefined =>
  outbox.find(({ clientMessageId }) => clientMessageId === id);

export const change = (outbox: Outbox, id: ClientMessageId, apply: (draft: Outgoing) => Outgoing): Outbox =>
  outbox.map((draft) => (draft.clientMessageId === id ? apply(draft) : draft));

/**
 * Merges the saved drafts, in the order of writing. The saved outcome wins, unless this tab knows that a draft is sent.
 */
export function restore(outbox: Outbox, kept: Outbox): Outbox {
  const known = new Map(outbox.map((draft) => [draft.clientMessageId, draft]));
  for (const draft of kept) {
    const mine = known.get(draft.clientMessageId);
    if ((mine ?? draft).fate.is === "sent") continue;
    known.set(draft.clientMessageId, draft);
  }
  return [...known.values()].sort((a, b) => a.writtenAt - b.writtenAt);
}

export const without = (outbox: Outbox, id: ClientMessageId): Outbox =>
  outbox.filter((draft) => draft.clientMessageId !== id);

/**
 * Drops the drafts whose entries have arrived. Compares the author's visitor id too, because another visitor may use
 * the same clientMessageId.
 */
export function confirm(outbox: Outbox, self: VisitorId | undefined, entries: readonly Entry[]): Outbox {
  if (outbox.length === 0) return outbox;
  const arrived = new Set(
    entries.flatMap((entry) =>
      entry.kind === "message" && entry.by.id === self ? [entry.clientMessageId] : [],
    ),
  );
  return arrived.size === 0 ? outbox : outbox.filter((draft) => !arrived.has(draft.clientMessageId));
}

/** Drops acknowledged drafts whose entry is shown, or whose epoch is over. */
export const passed = (outbox: Outbox, cursor: Cursor | undefined, isNewEpoch: boolean): Outbox =>
  outbox.some(({ fate }) => fate.is === "sent")
    ? outbox.filter(
        ({ fate }) => fate.is !== "sent" || (!isNewEpoch && fate.receipt.seq > (cursor?.seq ?? 0)),
      )
    : outbox;
