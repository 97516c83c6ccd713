import type { RoomId } from "../../../protocol/events";
import { directRoomPrefix } from "../../../protocol/limits";
import { roomPath } from "../room-address";
import { alertSettings } from "./alert-settings";
import { findNoteWorker, inTurn, openNoteWorker } from "./note-worker";

export type NoteText = { title: string; body: string };

/** A room's only notification, whichever tab shows it. Its changes run one after another. */
export type NoteBoard = {
  /** Shows the notification, in place of the current one. */
  put(text: NoteText): void;
  /** The same, but only if one is shown. */
  amend(text: NoteText): void;
  clear(): void;
};

export function openNoteBoard(room: RoomId): NoteBoard {
  const tag = `madang:${room}`;

  // Without a network there may be no worker yet: the page's title still counts the new messages.
  const next = (act: () => Promise<void>): void => void inTurn(act).catch(() => {});

  async function put({ title, body }: NoteText): Promise<void> {
    // The setting or the permission may have been withdrawn meanwhile.
    if (!alertSettings.get().notes || Notification.permission !== "granted") return;
    const worker = await openNoteWorker();
    const { pathname } = location;
    await worker.showNotification(title, {
      body,
      tag,
      icon: "/icon-192.png",
      // Sound has its own setting.
      silent: true,
      // A conversation's address names the partner: only the page has it.
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
