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
  let latest: Hearing | undefined;
  const untold = keepUntold(room, () => latest);
  const turn = openTabTurn(room, () => latest?.state.feed.cursor, untold.seen);
  const sound = openSound(() => latest?.settings.sound === true);

  async function tell(): Promise<void> {
    const asked = untold.all();
    const whose = await turn.whose();
    if (!latest) return;
    // Messages that came while the browser answered may still be unseen; their own call of `tell` deals with them.
    if (whose === "seen") untold.drop(asked);
    if (whose !== "ours" || untold.all().length === 0) return;
    if (latest.settings.sound) sound.play();
    if (latest.settings.notes) untold.show();
  }

  return {
    hear(hearing) {
      latest = hearing;
      const { state, viewer } = hearing;
      const since = newMessagesSince(noticedUpTo, state, viewer);
      noticedUpTo = since.noticedUpTo;
      turn.wantIt(state.link.is === "live");
      if (turn.hasAttention()) return;
      untold.dropRemoved();
      if (since.messages.length === 0) return;
      untold.add(since.messages);
      void tell();
    },
    close() {
      untold.close();
      sound.close();
      turn.close();
    },
  };
}

/** The messages that the visitor has not seen, and the notification that tells them. */
function keepUntold(room: RoomId, latest: () => Hearing | undefined) {
  let untold: readonly MessageEntry[] = [];
  const note = openNote(openNoteBoard(room));

  function correct(): void {
    const hearing = latest();
    if (hearing) note.correct(untold, sayingOf(hearing));
  }

  return {
    all: () => untold,
    add(messages: readonly MessageEntry[]): void {
      untold = [...untold, ...messages];
    },
    show(): void {
      const hearing = latest();
      if (hearing) note.show(untold, sayingOf(hearing));
    },
    /** Forgets what the visitor has seen. Another tab's word may be late: messages after what it showed stay. */
    seen(upTo: Cursor | undefined): void {
      const isOfThisEpoch = upTo?.epoch === latest()?.state.feed.cursor?.epoch;
      untold = untold.filter(({ seq }) => upTo && isOfThisEpoch && seq > upTo.seq);
      if (latest() && untold.length > 0) correct();
      else note.close();
    },
    drop(messages: readonly MessageEntry[]): void {
      untold = untold.filter((entry) => !messages.includes(entry));
      correct();
    },
    /** Drops messages that have been removed since, or whose author has been hidden. */
    dropRemoved(): void {
      const [first] = untold;
      const hearing = latest();
      if (!first || !hearing) return;
      const still = new Set(othersMessagesAfter(first.seq - 1, hearing.state.feed.lines, hearing.viewer));
      const kept = untold.filter((entry) => still.has(entry));
      if (kept.length === untold.length) return;
      untold = kept;
      correct();
    },
    close: note.close,
  };
}

/** The knock, prepared at the visitor's first gesture if sound is wanted then. */
function openSound(isWanted: () => boolean) {
  let knockedAt = Number.NEGATIVE_INFINITY;
  const waiting = new AbortController();
  for (const gesture of ["pointerdown", "keydown"])
    document.addEventListener(gesture, prepare, { once: true, signal: waiting.signal });

  function prepare(): void {
    waiting.abort();
    if (isWanted()) void prepareKnock();
  }

  return {
    play(): void {
      const now = uptimeMs();
      if (now - knockedAt < knockEveryMs) return;
      knockedAt = now;
      void knock();
    },
    close: () => waiting.abort(),
  };
}

const sayingOf =
  ({ title, t }: Hearing): Saying =>
  (count) => ({
    title,
    many: unseenCount(t, count),
    nameOf: ({ name, role }) => (role ? `${name} (${t(`role.${role}`)})` : name),
  });
