import type { MessageEntry, RoomId } from "../../../protocol/events";
import type { Cancel, World } from "../client/world";
import { beginningOf } from "../feed/beginning";
import { wish } from "./wish";

/** A room's one notification on the desktop. */
export type Note = {
  /** Shows the last of these messages, and how many there are; what follows closely is shown together. */
  show(messages: readonly MessageEntry[], say: Saying): void;
  /** The same with what is left of them, at once and without a sign. */
  correct(messages: readonly MessageEntry[]): void;
  close(): void;
};

type Saying = (count: number) => { title: string; many: string };

const showEveryMs = 3_000;
const shownCharacters = 160;

const later: World["after"] = (ms, act) => {
  const timer = setTimeout(act, ms);
  return () => clearTimeout(timer);
};

export function openNote(room: RoomId, after = later): Note {
  let shown: Notification | undefined;
  let messages: readonly MessageEntry[] = [];
  let say: Saying | undefined;
  let cancelPause: Cancel | undefined;

  function draw(): void {
    const last = messages.at(-1);
    if (!last || !say || Notification.permission !== "granted") return;
    const { title, many } = say(messages.length);
    try {
      shown = new Notification(messages.length > 1 ? `${title} · ${many}` : headOf(last, title), {
        body: `${messages.length > 1 ? `${last.by.name}: ` : ""}${beginningOf(last.text, shownCharacters)}`,
        tag: `madang:${room}`,
        icon: "/icon-192.png",
        // The sound is a wish of its own.
        silent: true,
      });
      shown.onclick = () => {
        window.focus();
        close();
      };
    } catch {
      // A phone's browser: it has notifications, but not from a page.
      wish({ notes: false });
    }
  }

  function drawAndPause(): void {
    const last = messages.at(-1);
    draw();
    cancelPause = after(showEveryMs, () => {
      cancelPause = undefined;
      if (messages.at(-1) !== last) drawAndPause();
    });
  }

  function close(): void {
    cancelPause?.();
    cancelPause = undefined;
    messages = [];
    shown?.close();
    shown = undefined;
  }

  return {
    show(news, saying) {
      messages = news;
      say = saying;
      if (!cancelPause) drawAndPause();
    },
    correct(left) {
      if (!shown) return;
      messages = left;
      if (left.length > 0) draw();
      else close();
    },
    close,
  };
}

const headOf = ({ by }: MessageEntry, title: string): string =>
  by.name === title ? title : `${by.name} · ${title}`;
