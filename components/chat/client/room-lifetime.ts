import type { RoomId } from "../../../protocol/events";
import type { ChatState } from "../state/chat-state";
import { isUnsent } from "../state/outgoing";
import type { Cancel, Environment, PageMoment } from "./environment";
import type { LinkKeeper } from "./link";
import type { DraftOutbox } from "./outbox";
import type { Stay } from "./room-clients";

export type RoomStayHost = {
  room: RoomId;
  state(): ChatState;
  link: LinkKeeper;
  outbox: DraftOutbox;
  /** Called at each change. */
  stays(stay: Stay): void;
  /** Called while the client is in its room. */
  pageChanged(moment: PageMoment): void;
};

/** How long a client is in its room: while the page shows the room, and then until its drafts are sent. */
export type RoomStay = {
  open(): void;
  /** Leaves the room once its drafts are sent. */
  close(): void;
  /** If the room is not open here: enters it, sends the waiting drafts, and leaves again. */
  deliver(): void;
  /** To be called when drafts may have been sent. */
  leaveWhenSent(): void;
};

export function createRoomStay(environment: Environment, host: RoomStayHost): RoomStay {
  const { room, state, link, outbox, stays } = host;
  let stay: Stay = "left";
  let stopWatching: Cancel[] = [];

  function change(to: Stay): void {
    stay = to;
    stays(to);
  }

  function enter(as: Stay): void {
    const isOpen = stay !== "left";
    change(as);
    outbox.sync();
    if (isOpen) return;
    stopWatching = [environment.watchPage(host.pageChanged), outbox.watchTabs()];
    link.open();
  }

  function leaveWhenSent(): void {
    if (stay !== "sending" || (state().link.is !== "refused" && state().outbox.some(isUnsent))) return;
    change("left");
    for (const stop of stopWatching) stop();
    outbox.close();
    // The other members see at once that the visitor has left.
    void link.ask("room:leave", { room });
    link.close();
  }

  return {
    open: () => enter("shown"),
    close() {
      if (stay === "left") return;
      change("sending");
      leaveWhenSent();
    },
    deliver() {
      outbox.sync();
      if (stay === "left" && state().outbox.some(isUnsent)) enter("sending");
    },
    leaveWhenSent,
  };
}
