import type { Member, MessageEntry } from "../../../protocol/events";
import type { Cancel, Environment } from "../client/environment";
import { truncate } from "../feed/truncate";
import type { NoteBoard } from "./note-board";

/** A room's one notification. */
export type Note = {
  /** Shows the last of these messages and how many there are; messages that closely follow are shown together. */
  show(messages: readonly MessageEntry[], say: Saying): void;
  /**
   * Shows the messages that are left, at once and silently, if a notification is shown; another tab may have shown it.
   */
  correct(messages: readonly MessageEntry[], say: Saying): void;
  close(): void;
};

/** `nameOf`: an author's name, with a role in words that no name can contain: a notification shows nothing but text. */
export type Saying = (count: number) => { title: string; many: string; nameOf: (by: Member) => string };

const showEveryMs = 3_000;
const shownCharacters = 160;

const later: Environment["after"] = (ms, act) => {
  const timer = setTimeout(act, ms);
  return () => clearTimeout(timer);
};

export function openNote(board: NoteBoard, after = later): Note {
  let messages: readonly MessageEntry[] = [];
  let say: Saying;
  let cancelPause: Cancel | undefined;

  function draw(how: "put" | "amend"): void {
    const last = messages.at(-1);
    if (!last) return;
    const { title, many, nameOf } = say(messages.length);
    const isOne = messages.length === 1;
    board[how]({
      title: isOne ? headOf(nameOf(last.by), title) : `${title} · ${many}`,
      body: `${isOne ? "" : `${nameOf(last.by)}: `}${truncate(last.text, shownCharacters)}`,
    });
  }

  function drawAndPause(): void {
    const last = messages.at(-1);
    draw("put");
    cancelPause = after(showEveryMs, () => {
      cancelPause = undefined;
      if (messages.at(-1) !== last) drawAndPause();
    });
  }

  function close(): void {
    cancelPause?.();
    cancelPause = undefined;
    messages = [];
    board.clear();
  }

  return {
    show(latest, saying) {
      messages = latest;
      say = saying;
      if (!cancelPause) drawAndPause();
    },
    correct(left, saying) {
      messages = left;
      say = saying;
      if (left.length > 0) draw("amend");
      else close();
    },
    close,
  };
}

const headOf = (name: string, title: string): string => (name === title ? title : `${name} · ${title}`);
