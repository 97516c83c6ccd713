import type { ChatState } from "../state/chat-state";
import { isUnsent } from "../state/outgoing";
import type { Cancel } from "./environment";
import type { LinkKeeper } from "./link";
import type { DraftOutbox } from "./outbox";
import type { Stay } from "./room-clients";

export type StayHost = {
  state(): ChatState;
  outbox: DraftOutbox;
  link: LinkKeeper;
  watchPage(): Cancel;
  /** Tells the other members that the visitor has left, so that they see it at once. */
  leave(): void;
  stays(stay: Stay): void;
};

export type RoomStay = {
  open(): void;
  /** Leaves the room once its drafts are sent. */
  close(): void;
  deliver(): void;
  /** To be called when drafts may have been sent. */
  settle(): void;
};

/** How long a client is in its room: while it is shown, and until its drafts are sent. */
export function createStay(host: StayHost): RoomStay {
  const { state, outbox, link } = host;
  let stay: Stay = "left";
  let stopWatching: Cancel[] = [];

  function change(to: Stay): void {
    stay = to;
    host.stays(to);
  }

  function enter(as: Stay): void {
    const isOpen = stay !== "left";
    change(as);
    outbox.sync();
    if (isOpen) return;
    stopWatching = [host.watchPage(), outbox.watchTabs()];
    link.open();
  }

  function settle(): void {
    if (stay !== "sending" || (state().link.is !== "refused" && state().outbox.some(isUnsent))) return;
    change("left");
    for (const stop of stopWatching) stop();
    outbox.close();
    host.leave();
    link.close();
  }

  return {
    open: () => enter("shown"),
    close() {
      if (stay === "left") return;
      change("sending");
      settle();
    },
    deliver() {
      outbox.sync();
      if (stay === "left" && state().outbox.some(isUnsent)) enter("sending");
    },
    settle,
  };
}
