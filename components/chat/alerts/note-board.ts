import type { RoomId } from "../../../protocol/events";
import { directRoomPrefix } from "../../../protocol/limits";
import { roomPath } from "../room-address";
import { keptWishes } from "./alert-wishes";
import { findNoteWorker, openNoteWorker } from "./note-worker";

export type NoteText = { title: string; body: string };

/** Where a room's one notification is shown, whichever tab shows it. Each thing is done after the one before. */
export type NoteBoard = {
  /** Takes the place of what is there. */
  put(text: NoteText): void;
  /** The same, if anything is there. */
  amend(text: NoteText): void;
  clear(): void;
};

export function openNoteBoard(room: RoomId): NoteBoard {
  const tag = `madang:${room}`;
  let last: Promise<unknown> = Promise.resolve();

  function next(act: () => Promise<unknown>): void {
    // Without a network there may be no worker yet: the title tells of the news.
    last = last.then(act).catch(() => {});
  }

  async function put({ title, body }: NoteText): Promise<void> {
    // Either may have been taken back meanwhile.
    if (!keptWishes.get().notes || Notification.permission !== "granted") return;
    const worker = await openNoteWorker();
    const { pathname } = location;
    await worker.showNotification(title, {
      body,
      tag,
      icon: "/icon-192.png",
      // The sound is a wish of its own.
      silent: true,
      // A conversation's address is its partner's, which the page has.
      data: { tab: pathname, address: room.startsWith(directRoomPrefix) ? pathname : roomPath(room) },
    });
  }

  const shown = async () => (await (await findNoteWorker())?.getNotifications({ tag })) ?? [];

  return {
    put: (text) => next(() => put(text)),
    amend: (text) =>
      next(async () => {
        if ((await shown()).length > 0) await put(text);
      }),
    clear: () =>
      next(async () => {
        for (const note of await shown()) note.close();
      }),
  };
}
