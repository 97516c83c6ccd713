import type { ChatState } from "../state/chat-state";
import { isUnsent } from "../state/outgoing";
import type { Stay } from "./room-clients";

export type RoomStayHost = {
  state(): ChatState;
  /** Called at each change. */
  stays(stay: Stay): void;
  /** Loads the drafts that other tabs have written. */
  sync(): void;
  enter(): void;
  leave(): void;
};

/** How long a client is in its room: while the page shows the room, and then until its drafts are sent. */
export type RoomStay = {
  open(): void;
  close(): void;
  /** Enters only to send drafts, if there are any. */
  deliver(): void;
  /** Leaves if the page has closed the room and the drafts are sent; to be called when they may be. */
  leaveWhenSent(): void;
};

export function createRoomStay({ state, stays, sync, enter, leave }: RoomStayHost): RoomStay {
  let stay: Stay = "left";

  function change(to: Stay): void {
    stay = to;
    stays(to);
  }

  function begin(as: Stay): void {
    const isOpen = stay !== "left";
    change(as);
    sync();
    if (!isOpen) enter();
  }

  function leaveWhenSent(): void {
    const { link, outbox } = state();
    if (stay !== "sending" || (link.is !== "refused" && outbox.some(isUnsent))) return;
    change("left");
    leave();
  }

  return {
    open: () => begin("shown"),
    close() {
      if (stay === "left") return;
      change("sending");
      leaveWhenSent();
    },
    deliver() {
      sync();
      if (stay === "left" && state().outbox.some(isUnsent)) begin("sending");
    },
    leaveWhenSent,
  };
}
