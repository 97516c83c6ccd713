import {
  type ChatEvent,
  type ChatState,
  entriesAfter,
  initialState,
  reduce,
} from "../../components/chat/state/chat-state";
import { prepend } from "../../components/chat/state/excerpt";
import type { Outgoing } from "../../components/chat/state/outgoing";
import { listMore } from "../../components/chat/state/presence";
import { endingOf } from "../../components/chat/state/room-over";
import type { Entry, MessageEntry } from "../../protocol/events";
import { expect, test } from "../support/plain-test";
import { me, message, messages, notice, other, welcome } from "./feed-makers";

const after = (...events: ChatEvent[]): ChatState => events.reduce(reduce, initialState);
const joined = (entries: Entry[], rest = {}): ChatEvent => ({
  type: "room:joined",
  answer: welcome(entries, rest),
});
const appended = (...entries: Entry[]): ChatEvent => ({ type: "feed:appended", epoch: "e1", entries });
const seqs = ({ feed }: ChatState) => feed.lines.map((line) => line.seq);
const draft = (clientMessageId: string): Outgoing => ({
  clientMessageId,
  text: "mine",
  writtenAt: 0,
  fate: { is: "pending" },
});

test("[F-1] entries are ordered and unique, with any repeats", () => {
  const state = after(joined(messages(1, 3)), appended(...messages(2, 5)), appended(message(4)));
  expect(seqs(state)).toEqual([1, 2, 3, 4, 5]);
  expect(reduce(state, appended(message(5))).feed).toBe(state.feed);
});

test("[F-1] entries behind a hole wait until it is filled", () => {
  const holed = after(joined(messages(1, 3)), appended(message(6)), appended(message(5)));
  expect(seqs(holed)).toEqual([1, 2, 3]);
  expect(holed.feed.ahead.map((entry) => entry.seq)).toEqual([5, 6]);
  const answer = { epoch: "e1", entries: [message(4)], more: true };
  const filled = reduce(holed, { type: "history:newer", answer });
  expect(seqs(filled)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(filled.feed.ahead).toEqual([]);
});

test("[O-7] a published message is shown where it was published, live and in history, and can be removed", () => {
  const published = (seq: number): Entry => ({
    seq,
    at: 9,
    kind: "published",
    message: message(2) as MessageEntry,
  });
  const withheld = (seq: number): Entry => ({ seq, at: 2, kind: "withheld" });
  const live = after(joined([message(1), withheld(2), message(3)]), appended(published(4)));
  const shown = { ...message(2), writtenAs: 2, seq: 4, at: 9 };
  expect(live.feed.lines.at(-1)).toEqual(shown);
  const removal: Entry = { seq: 5, at: 10, kind: "removal", targets: [4] };
  expect(reduce(live, appended(removal)).feed.lines.find(({ seq }) => seq === 4)?.kind).toBe("removed");
  const later = after(joined([message(7)]));
  const page = { epoch: "e1", entries: [message(3), published(4), message(5), message(6)], more: false };
  expect(prepend(later.feed, 7, page).lines.find(({ seq }) => seq === 4)).toEqual(shown);
});

test("[C-1] a resuming ack and the events around it leave no hole and no repeat", () => {
  const state = after(
    joined(messages(1, 3)),
    appended(message(4)),
    joined(messages(4, 6)),
    appended(...messages(6, 7)),
  );
  expect(seqs(state)).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

test("[N-1] joins and leaves during a join count, although its answer is older than the feed", () => {
  const third = { id: "v-third", name: "Late Crane" };
  const state = after(
    joined([notice(1, "join", me), notice(2, "join", other)], { members: [me, other], memberCount: 2 }),
    appended(notice(3, "leave", other), notice(4, "join", third)),
    joined([], {
      members: [me, other],
      memberCount: 2,
      presenceSeq: 2,
      cursor: { epoch: "e1", seq: 2 },
    }),
  );
  expect([...state.presence.members.keys()]).toEqual([me.id, third.id]);
  expect(state.presence.count).toBe(2);
});

test("[F-0] a trimmed gap is one line, and earlier entries disappear, because they may have been removed meanwhile", () => {
  const gap = { from: 4, to: 99, reason: "trimmed" as const };
  const told: ChatEvent = { type: "feed:gap", gap, cursor: { epoch: "e1", seq: 99 } };
  const state = after(joined(messages(1, 3)), told, appended(...messages(100, 102)));
  expect(seqs(state)).toEqual([99, 100, 101, 102]);
  expect(state.feed.lines[0]).toEqual({ kind: "gap", seq: 99, gap: { ...gap, from: 1 } });
  expect(state.feed.hasOlder).toBe(false);
});

test("[C-1] the kept entries in the gap before a newest page can be read, and only the others have expired", () => {
  const gap = { from: 4, to: 99, reason: "trimmed" as const };
  const back = after(joined(messages(1, 3)), joined(messages(100, 101), { gap }), appended(message(102)));
  expect(seqs(back)).toEqual([100, 101, 102]);
  expect(back.feed.hasOlder).toBe(true);
  const answer = { epoch: "e1", entries: messages(61, 99), more: false };
  const read = reduce(back, { type: "history:read", add: (feed) => prepend(feed, 100, answer) });
  expect(seqs(read).slice(0, 3)).toEqual([60, 61, 62]);
  expect(read.feed.lines[0]).toEqual({ kind: "gap", seq: 60, gap: { from: 1, to: 60, reason: "trimmed" } });
  expect(read.feed.hasOlder).toBe(false);
});

for (const reason of ["reset", "rewound"] as const)
  test(`[F-0] after a ${reason} the page shows nothing of the old epoch`, () => {
    const gap = { from: 1, to: 1, reason };
    const cursor = { epoch: "e2", seq: 1 };
    const byJoin = after(joined(messages(1, 9)), joined([message(1)], { gap, cursor }));
    const byEvent = after(joined(messages(1, 9)), { type: "feed:gap", gap, cursor: { epoch: "e2", seq: 0 } });
    expect(seqs(byJoin)).toEqual([0, 1]);
    expect(byJoin.feed.cursor).toEqual(cursor);
    expect(seqs(byEvent)).toEqual([0]);
    const next = reduce(byEvent, { type: "feed:appended", epoch: "e2", entries: [message(1)] });
    expect(seqs(next)).toEqual([0, 1]);
  });

test("entries of an unannounced epoch replace those of the old one", () => {
  const state = after(joined(messages(1, 9)), {
    type: "feed:appended",
    epoch: "e2",
    entries: messages(3, 4),
  });
  expect(seqs(state)).toEqual([0, 3, 4]);
  expect(state.feed.hasOlder).toBe(true);
});

test("older history goes in front, and says when there is no more", () => {
  const state = after(joined(messages(51, 60)), {
    type: "history:read",
    add: (feed) => prepend(feed, 51, { epoch: "e1", entries: messages(41, 52), more: true }),
  });
  expect(seqs(state).slice(0, 3)).toEqual([41, 42, 43]);
  expect(state.feed.lines).toHaveLength(20);
  expect(state.feed.hasOlder).toBe(true);
});

test("where history begins with the first entry there is no gap", () => {
  const answer = { epoch: "e1", entries: messages(1, 50), more: false };
  const state = after(joined(messages(51, 60)), {
    type: "history:read",
    add: (feed) => prepend(feed, 51, answer),
  });
  expect(seqs(state)).toEqual(messages(1, 60).map(({ seq }) => seq));
  expect(state.feed.hasOlder).toBe(false);
});

test("a removal deletes the texts that it names, and keeps their numbers", () => {
  const removal: Entry = { seq: 4, at: 0, kind: "removal", targets: [2] };
  const state = after(joined(messages(1, 3)), appended(removal));
  expect(state.feed.lines[1]).toEqual({ seq: 2, at: 1_002, kind: "removed" });
  expect(JSON.stringify(state)).not.toContain("text 2");
});

test("a removal that arrives before the older entries it names still removes their texts", () => {
  const removal: Entry = { seq: 61, at: 0, kind: "removal", targets: [45] };
  const answer = { epoch: "e1", entries: messages(41, 50), more: true };
  const state = after(joined(messages(51, 60)), appended(removal), {
    type: "history:read",
    add: (feed) => prepend(feed, 51, answer),
  });
  expect(seqs(state)).toEqual(messages(41, 61).map(({ seq }) => seq));
  expect(state.feed.lines[4]).toEqual({ seq: 45, at: 1_045, kind: "removed" });
  expect(JSON.stringify(state)).not.toContain("text 45");
});

test("[ID-5] only the forgotten visitor's names disappear from shown lines and from older history", () => {
  const rename: Entry = { seq: 62, at: 0, kind: "rename", by: other, was: "Old Otter" };
  const forgetting: Entry = { seq: 64, at: 0, kind: "removal", targets: [61], forgotten: other.id };
  const here = [notice(59, "join", other), notice(60, "join", me), message(61, other), rename];
  const back = [notice(63, "leave", other), forgetting, notice(65, "join", other)];
  const older = { epoch: "e1", entries: [notice(58, "leave", other)], more: false };
  const state = after(joined(here), appended(...back), {
    type: "history:read",
    add: (feed) => prepend(feed, 59, { ...older, more: true }),
  });
  const gone = { id: other.id, name: "–" };
  expect(state.feed.lines).toMatchObject([
    { seq: 58, kind: "leave", by: gone },
    { seq: 59, kind: "join", by: gone },
    { seq: 60, by: me },
    { seq: 61, kind: "removed" },
    { seq: 62, kind: "rename", by: gone, was: "–" },
    { seq: 63, kind: "leave", by: gone },
    forgetting,
    { seq: 65, by: other },
  ]);
});

test("fault 7: only the reader's own visitor id settles a pending message, not an equal name or message id", () => {
  const namesake = { id: "v-imitator", name: me.name };
  const pending = after(joined([]), { type: "draft:written", draft: draft("message-7") });
  const foreign = reduce(pending, appended(message(1, namesake, "message-7")));
  expect(foreign.outbox).toHaveLength(1);
  const own = reduce(foreign, appended(message(2, me, "message-7")));
  expect(own.outbox).toHaveLength(0);
  expect(seqs(own)).toEqual([1, 2]);
});

test("[C-6] an ack that comes before its entry keeps the pending message until the entry comes; an ack that comes after removes it", () => {
  const receipt = { seq: 1, at: 5 };
  const stored: ChatEvent = { type: "draft:stored", id: "message-7", receipt };
  const pending = after(joined([]), { type: "draft:written", draft: draft("message-7") });
  const acked = reduce(pending, stored);
  expect(acked.outbox[0]?.fate).toEqual({ is: "sent", receipt });
  expect(reduce(acked, appended(message(1, me, "message-7"))).outbox).toEqual([]);
  expect([appended(message(1, me, "message-0")), stored].reduce(reduce, pending).outbox).toEqual([]);
});

test("a join or leave counts once, however often it is repeated", () => {
  const come = notice(2, "join", other);
  const state = after(joined([notice(1, "join", me)]), appended(come), appended(come));
  expect([...state.presence.members.keys()]).toEqual([me.id, other.id]);
  expect(state.presence.count).toBe(2);
  expect(reduce(state, appended(notice(3, "leave", other))).presence.count).toBe(1);
});

test("entries that the member list already includes change nothing", () => {
  const known = after(
    joined([notice(1, "join", me)], { presenceSeq: 3 }),
    appended(notice(2, "join", other)),
  );
  expect([...known.presence.members.keys()]).toEqual([me.id]);
  expect(known.presence.count).toBe(1);
  const later = [notice(3, "leave", other), notice(4, "join", other)].map((entry) => appended(entry));
  expect(later.reduce(reduce, known).presence.count).toBe(2);
});

test("beyond the listed members the count follows the entries", () => {
  const state = after(
    joined([], { members: [me], memberCount: 300 }),
    appended(notice(1, "leave", other), notice(2, "join", other)),
  );
  expect(state.presence.count).toBe(300);
});

const page = (seq: number, ...members: (typeof me)[]) => {
  const answer = { members, memberCount: 300, epoch: "e1", presenceSeq: seq };
  return (state: ChatState): ChatEvent => ({
    type: "members:read",
    add: () => listMore(state.presence, answer, entriesAfter(state.feed, seq)),
  });
};

test("[C-6h] a page of the member list is merged with later changes: members that have left stay out, and new names hold", () => {
  const [third, fourth] = [
    { id: "v-third", name: "Third" },
    { id: "v-fourth", name: "Fourth" },
  ];
  const renamed: Entry = { seq: 2, at: 0, kind: "rename", by: { ...third, name: "New" }, was: "Third" };
  const state = after(
    joined([notice(1, "join", me)], { members: [me], memberCount: 300, presenceSeq: 1 }),
    appended(renamed, notice(3, "leave", fourth)),
  );
  const { presence } = reduce(state, page(1, me, third, fourth, other)(state));
  expect([...presence.members.values()].map(({ name }) => name).sort()).toEqual(
    [me.name, other.name, "New"].sort(),
  );
  expect(presence.count).toBe(299);
  expect(presence.trueAt).toBe(3);
});

test("[F-4] a counted crowd sets the member count, and members known to have left are unlisted", () => {
  const state = after(
    joined([], { members: [me, other], memberCount: 2 }),
    appended({ seq: 1, at: 0, kind: "visits", joined: 90, left: 40, memberCount: 51, gone: [other.id] }),
  );
  expect([...state.presence.members.keys()]).toEqual([me.id]);
  expect(state.presence.count).toBe(51);
  expect(reduce(state, appended(notice(2, "leave", { id: "v-counted", name: "x" }))).presence.count).toBe(50);
  const told = joined([], { members: [me], memberCount: 9, presenceSeq: 1 });
  const early: Entry = { seq: 1, at: 0, kind: "visits", joined: 1, left: 0, memberCount: 3 };
  expect(after(told, appended(early)).presence.count, "the answer already includes it").toBe(9);
});

test("a rename changes the member list, and the reader's own name", () => {
  const renamed: Entry = {
    seq: 1,
    at: 0,
    kind: "rename",
    by: { id: me.id, name: "Kind Crane" },
    was: me.name,
  };
  const { presence } = after(joined([]), appended(renamed));
  expect(presence.self?.name).toBe("Kind Crane");
  expect(presence.members.get(me.id)?.name).toBe("Kind Crane");
  expect(presence.count).toBe(1);
});

test("a room that closes while the reader is in it has ended, and its messages stay", () => {
  const inside = reduce(initialState, { type: "room:joined", answer: welcome(messages(1, 3)) });
  expect(endingOf(inside)).toBeUndefined();
  const closed = { seq: 4, at: 1_004, kind: "closed", by: other } as const;
  const over = reduce(inside, { type: "feed:appended", epoch: "e1", entries: [closed] });
  expect(endingOf(over)).toBe("closed");
  expect(over.feed.lines).toHaveLength(4);
});

test("only a missing or closed room and a ban end the visit; other refusals do not", () => {
  const refused = (code: "room_not_found" | "room_closed" | "banned" | "forbidden") =>
    endingOf({ link: { is: "refused", error: { code, message: "", retryable: false } } });
  expect(refused("room_not_found")).toBe("missing");
  expect(refused("room_closed")).toBe("closed");
  expect(refused("banned")).toBe("banned");
  expect(refused("forbidden")).toBeUndefined();
});

test("the page knows that a closed room was closed", () => {
  const closed: Entry = { seq: 1, at: 0, kind: "closed", by: other };
  expect(after(joined([])).room?.closed).toBe(false);
  expect(after(joined([]), appended(closed)).room).toMatchObject({ id: "lobby", closed: true });
});

test("the page shows the typing members that the server names, and none after a lost link or a new join", () => {
  const typing = (...members: (typeof me)[]): ChatEvent => ({ type: "typing:changed", members });
  const live: ChatEvent = { type: "link:changed", link: { is: "live" } };
  const both = after(joined([]), live, typing(me, other));
  expect(both.typing).toEqual([other]);
  expect(reduce(both, live).typing).toEqual([other]);
  expect(reduce(both, typing(me)).typing).toEqual([]);
  expect(reduce(both, { type: "link:changed", link: { is: "waiting", retryAt: 0 } }).typing).toEqual([]);
  expect(reduce(both, joined([])).typing).toEqual([]);
});

test("[O-2] a role given after the join is known from the member's next message", () => {
  const moderator = { ...other, role: "moderator" as const };
  const owner = { ...me, role: "owner" as const };
  const said = after(
    joined([], { members: [me, other] }),
    appended(message(1, moderator)),
    appended(message(2, owner)),
  );
  expect(said.presence.members.get(other.id)?.role).toBe("moderator");
  expect(said.presence.self?.role).toBe("owner");
  const { members } = said.presence;
  expect(reduce(said, appended(message(3, owner))).presence.members, "no change").toBe(members);
});
