import type {
  ClientMessageId,
  Cursor,
  Entry,
  Gap,
  HistoryAnswer,
  JoinAnswer,
  Member,
  Receipt,
  Room,
  WireError,
} from "../../../protocol/events";
import { append, emptyFeed, type Feed, fill, join, skip } from "./feed";
import {
  change,
  confirm,
  findDraft,
  isUnsent,
  type Outbox,
  type Outgoing,
  passed,
  restore,
  without,
} from "./outgoing";
import { follow, noPresence, type Presence, present } from "./presence";
import type { Mute } from "./writing";

export type Link =
  /** `error`: why the previous attempt failed, if the server said so. */
  | { is: "connecting"; attempt: number; error?: WireError }
  | { is: "live" }
  /** `retryAt` by the page's uptime. */
  | { is: "waiting"; retryAt: number; error?: WireError }
  | { is: "asleep" }
  | { is: "refused"; error: WireError };

export type ChatState = {
  link: Link;
  room?: Room;
  presence: Presence;
  feed: Feed;
  /** The others who are typing now. */
  typing: readonly Member[];
  outbox: Outbox;
  isDegraded: boolean;
  /** As far as the server has told: it does so when the visitor tries to write. */
  muted?: Mute;
  /** A read of history failed, and is being retried. */
  isStuck: boolean;
};

export const initialState: ChatState = {
  link: { is: "connecting", attempt: 0 },
  presence: noPresence,
  feed: emptyFeed,
  typing: [],
  outbox: [],
  isDegraded: false,
  isStuck: false,
};

export type ChatEvent =
  | { type: "link:changed"; link: Link }
  | { type: "room:joined"; answer: JoinAnswer }
  | { type: "feed:appended"; epoch: string; entries: readonly Entry[] }
  | { type: "feed:gap"; gap: Gap; cursor: Cursor }
  | { type: "room:changed"; room: Room }
  | { type: "mute:told"; mute: Mute }
  | { type: "mute:over" }
  | { type: "typing:changed"; members: readonly Member[] }
  /** The entries after the cursor. */
  | { type: "history:newer"; answer: HistoryAnswer }
  /** Older entries, as a function that adds them: only code that reads back loads those functions (excerpt.ts). */
  | { type: "history:read"; add: (feed: Feed) => Feed }
  /** A page of the member list, as a function that adds it (member-pages.ts). */
  | { type: "members:read"; add: (state: ChatState) => Presence }
  | { type: "reading:stuck"; isStuck: boolean }
  | { type: "status:changed"; degraded: boolean }
  | { type: "outbox:restored"; outbox: Outbox }
  | { type: "draft:written"; draft: Outgoing }
  | { type: "draft:tried"; id: ClientMessageId; since: Cursor }
  /** Unsent drafts now wait for the visitor's confirmation. */
  | { type: "outbox:held" }
  | { type: "draft:released"; id: ClientMessageId; at: number }
  | { type: "draft:untried" | "draft:late" | "draft:discarded"; id: ClientMessageId }
  | { type: "draft:stored"; id: ClientMessageId; receipt: Receipt }
  | { type: "draft:refused"; id: ClientMessageId; error: WireError };

/** Computes the next state, without side effects. */
export function reduce(state: ChatState, event: ChatEvent): ChatState {
  switch (event.type) {
    case "link:changed":
      // Typing is known only while the link is live.
      return { ...state, link: event.link, typing: event.link.is === "live" ? state.typing : [] };
    case "room:joined":
      return joined(state, event.answer);
    case "feed:appended":
      return advance(state, append(state.feed, event.epoch, event.entries));
    case "feed:gap":
      return advance(state, skip(state.feed, event.gap, event.cursor));
    case "history:newer":
      return advance(state, fill(state.feed, event.answer));
    case "history:read":
      return { ...state, feed: event.add(state.feed) };
    case "members:read":
      return { ...state, presence: event.add(state) };
    case "room:changed":
      return { ...state, room: event.room };
    case "mute:told":
      return { ...state, muted: event.mute };
    case "mute:over":
      return unmuted(state);
    case "typing:changed":
      return { ...state, typing: event.members.filter(({ id }) => id !== state.presence.self?.id) };
    case "reading:stuck":
      return state.isStuck === event.isStuck ? state : { ...state, isStuck: event.isStuck };
    case "status:changed":
      return { ...state, isDegraded: event.degraded };
    default:
      return { ...state, outbox: reduceOutbox(state, event) };
  }
}

type OutboxEvent = Extract<ChatEvent, { type: `outbox:${string}` | `draft:${string}` }>;

function reduceOutbox({ outbox, feed }: ChatState, event: OutboxEvent): Outbox {
  switch (event.type) {
    case "outbox:restored":
      return restore(outbox, event.outbox);
    case "outbox:held":
      return outbox.map((draft) => (isUnsent(draft) ? { ...draft, fate: { is: "held" } } : draft));
    case "draft:released": {
      const { id, at } = event;
      const draft = findDraft(outbox, id);
      return draft ? [...without(outbox, id), { ...draft, writtenAt: at, fate: { is: "pending" } }] : outbox;
    }
    case "draft:written":
      return [...outbox, event.draft];
    case "draft:tried":
      return change(outbox, event.id, (draft) => (draft.since ? draft : { ...draft, since: event.since }));
    case "draft:untried":
      return change(outbox, event.id, ({ since: _, ...draft }) => draft);
    case "draft:late":
      return change(outbox, event.id, (draft) =>
        draft.fate.is === "pending" ? { ...draft, fate: { is: "unconfirmed" } } : draft,
      );
    case "draft:discarded":
      return without(outbox, event.id);
    case "draft:stored": {
      const { receipt } = event;
      const stored = change(outbox, event.id, (draft) => ({ ...draft, fate: { is: "sent", receipt } }));
      return passed(stored, feed.cursor, false);
    }
    case "draft:refused":
      return change(outbox, event.id, (draft) => ({ ...draft, fate: { is: "failed", error: event.error } }));
  }
}

const unmuted = ({ muted: _, ...state }: ChatState): ChatState => state;

/** A mute may have been lifted meanwhile: the next try to write tells. */
function joined(state: ChatState, answer: JoinAnswer): ChatState {
  const feed = join(state.feed, answer);
  // The feed may be ahead of the answer: an older connection went on delivering entries while the answer was under way.
  const presence = follow(present(answer), entriesAfter(feed, answer.presenceSeq));
  return advance({ ...unmuted(state), room: answer.room, presence, typing: [] }, feed);
}

/** Moves the feed on, and applies its new entries to presence, outbox and room. */
function advance(state: ChatState, feed: Feed): ChatState {
  const entries = newEntries(state.feed, feed);
  const presence = follow(state.presence, entries);
  const isNewEpoch = state.feed.cursor !== undefined && state.feed.cursor.epoch !== feed.cursor?.epoch;
  const outbox = passed(confirm(state.outbox, presence.self?.id, entries), feed.cursor, isNewEpoch);
  const isClosed = entries.some(({ kind }) => kind === "closed");
  const room = state.room && isClosed ? { ...state.room, closed: true } : state.room;
  return { ...state, ...(room && { room }), feed, presence, outbox };
}

function newEntries(before: Feed, after: Feed): readonly Entry[] {
  if (before === after) return [];
  const seen = before.cursor?.epoch === after.cursor?.epoch ? (before.cursor?.seq ?? 0) : 0;
  return entriesAfter(after, seen);
}

export function entriesAfter({ lines }: Feed, seq: number): readonly Entry[] {
  const start = lines.findLastIndex((line) => line.seq <= seq) + 1;
  return lines.slice(start).filter((line) => line.kind !== "gap");
}
