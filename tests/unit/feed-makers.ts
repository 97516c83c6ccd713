import type { Entry, JoinAnswer, Member, MessageEntry } from "../../protocol/events";

/** Makes entries and answers as a server sends them, for tests of the browser's code. */

export const me: Member = { id: "v-me", name: "Calm Heron" };
export const other: Member = { id: "v-other", name: "Brave Otter" };

export const message = (
  seq: number,
  by: Member = other,
  clientMessageId = `message-${seq}`,
): MessageEntry => ({
  seq,
  at: 1_000 + seq,
  kind: "message",
  by,
  text: `text ${seq}`,
  clientMessageId,
});

export const notice = (seq: number, kind: "join" | "leave", by: Member): Entry => ({
  seq,
  at: 1_000 + seq,
  kind,
  by,
});

export const messages = (from: number, to: number): Entry[] =>
  Array.from({ length: to - from + 1 }, (_, index) => message(from + index));

/** An answer to `room:join` whose last entry is the cursor. */
export function welcome(entries: Entry[], rest: Partial<JoinAnswer> = {}): JoinAnswer {
  const seq = entries.at(-1)?.seq ?? 0;
  return {
    room: { id: "lobby", title: "Lobby", kind: "public", createdAt: 0, closed: false },
    self: me,
    members: [me],
    memberCount: 1,
    presenceSeq: seq,
    entries,
    cursor: { epoch: "e1", seq },
    ...rest,
  };
}
