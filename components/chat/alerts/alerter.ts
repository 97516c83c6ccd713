import type { Cursor, MessageEntry, RoomId } from "../../../protocol/events";
import type { Translate } from "../../words/words";
import { uptimeMs } from "../client/browser-environment";
import { othersMessagesAfter, unseenCount, type Viewer } from "../feed/unseen-messages";
import type { ChatState } from "../state/chat-state";
import type { AlertSettings } from "./alert-settings";
import { knock, prepareKnock } from "./knock";
import { type NoticedUpTo, newMessagesSince } from "./new-messages";
import { openNote, type Saying } from "./note";
import { openNoteBoard } from "./note-board";
import { openTabTurn } from "./tab-turn";

/** The room and the visitor's settings at a change. */
export type Hearing = {
  state: ChatState;
  viewer: Viewer;
  title: string;
  settings: AlertSettings;
  t: Translate;
};

export type Alerter = { hear(hearing: Hearing): void; close(): void };

/** At most one knock in this time, however busy the room. */
const knockEveryMs = 3_000;

/** Alerts of a room's new messages by sound and notification, while no tab of this browser is looked at in that room. */
export function openAlerter(room: RoomId): Alerter {
  let noticedUpTo: NoticedUpTo;
  let untold: readonly MessageEntry[] = [];
  let latest: Hearing | undefined;
  let knockedAt = Number.NEGATIVE_INFINITY;
  const note = openNote(openNoteBoard(room));
  const turn = openTabTurn(room, () => latest?.state.feed.cursor, forget);
  const waiting = new AbortController();
  for (const gesture of ["pointerdown", "keydown"])
    document.addEventListener(gesture, prepare, { once: true, signal: waiting.signal });

  function prepare(): void {
    waiting.abort();
    if (latest?.settings.sound) void prepareKnock();
  }

  /** Forgets what the visitor has seen. Another tab's word may be late: messages after what it showed stay. */
  function forget(seen: Cursor | undefined): void {
    const isOfThisEpoch = seen?.epoch === latest?.state.feed.cursor?.epoch;
    untold = untold.filter(({ seq }) => seen && isOfThisEpoch && seq > seen.seq);
    if (latest && untold.length > 0) note.correct(untold, sayingOf(latest));
    else note.close();
  }

  /** Drops messages that have been removed since, or whose author has been hidden. */
  function drop(hearing: Hearing): void {
    const { state, viewer } = hearing;
    const [first] = untold;
    if (!first) return;
    const still = new Set(othersMessagesAfter(first.seq - 1, state.feed.lines, viewer));
    const kept = untold.filter((entry) => still.has(entry));
    if (kept.length === untold.length) return;
    untold = kept;
    note.correct(untold, sayingOf(hearing));
  }

  async function tell(): Promise<void> {
    const asked = new Set(untold);
    const whose = await turn.whose();
    if (!latest) return;
    if (whose === "seen") {
      // Messages that came while the browser answered may still be unseen; their own call of `tell` deals with them.
      untold = untold.filter((entry) => !asked.has(entry));
      note.correct(untold, sayingOf(latest));
    }
    if (whose !== "ours" || untold.length === 0) return;
    const { settings } = latest;
    const now = uptimeMs();
    if (settings.sound && now - knockedAt >= knockEveryMs) {
      knockedAt = now;
      void knock();
    }
    if (settings.notes) note.show(untold, sayingOf(latest));
  }

  return {
    hear(hearing) {
      latest = hearing;
      const { state, viewer } = hearing;
      const since = newMessagesSince(noticedUpTo, state, viewer);
      noticedUpTo = since.noticedUpTo;
      turn.wantIt(state.link.is === "live");
      if (turn.hasAttention()) return;
      drop(hearing);
      if (since.messages.length === 0) return;
      untold = [...untold, ...since.messages];
      void tell();
    },
    close() {
      note.close();
      waiting.abort();
      turn.close();
    },
  };
}

const sayingOf =
  ({ title, t }: Hearing): Saying =>
  (count) => ({ title, many: unseenCount(t, count) });
