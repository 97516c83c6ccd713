import type { ClientMessageId, Cursor, Entry, Receipt, VisitorId, WireError } from "../../../protocol/events";

/** What has become of a draft: `sent` is stored by the server, but its entry has not arrived yet. */
export type Fate =
  | { is: "pending" }
  | { is: "unconfirmed" }
  /** Written so long ago that it goes only when its writer says so again. */
  | { is: "held" }
  | { is: "sent"; receipt: Receipt }
  | { is: "failed"; error: WireError };

/** A draft on its way, in the order of writing. */
export type Outgoing = {
  clientMessageId: ClientMessageId;
  text: string;
  replyTo?: number;
  /** The cursor known at the first try: with it a very late retry is refused, not stored twice (C-2). */
  since?: Cursor;
  writtenAt: number;
  fate: Fate;
};

export type Outbox = readonly Outgoing[];

/** True for those that still want to be sent. */
export const isUnsent = ({ fate }: Outgoing): boolean => fate.is === "pending" || fate.is === "unconfirmed";

export const change = (outbox: Outbox, id: ClientMessageId, apply: (draft: Outgoing) => Outgoing): Outbox =>
  outbox.map((draft) => (draft.clientMessageId === id ? apply(draft) : draft));

/**
 * Adds what this browser keeps, in the order of writing. What another tab knows of a draft's fate counts, unless this one
 * knows that it is sent.
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

/** Drops the drafts whose entries have arrived: by their author's visitor id, because names and ids of others prove nothing. */
export function settle(outbox: Outbox, self: VisitorId | undefined, entries: readonly Entry[]): Outbox {
  if (outbox.length === 0) return outbox;
  const arrived = new Set(
    entries.flatMap((entry) =>
      entry.kind === "message" && entry.by.id === self ? [entry.clientMessageId] : [],
    ),
  );
  return arrived.size === 0 ? outbox : outbox.filter((draft) => !arrived.has(draft.clientMessageId));
}

/** Drops what the feed has passed: acknowledged, and its entry is shown, or its epoch is over. */
export const passed = (outbox: Outbox, cursor: Cursor | undefined, isNewEpoch: boolean): Outbox =>
  outbox.some(({ fate }) => fate.is === "sent")
    ? outbox.filter(
        ({ fate }) => fate.is !== "sent" || (!isNewEpoch && fate.receipt.seq > (cursor?.seq ?? 0)),
      )
    : outbox;
