import { isUnsent } from "../state/outgoing";
import type { Cancel, Environment, PageMoment } from "./environment";
import type { LinkKeeper } from "./link";
import type { DraftOutbox } from "./outbox";
import type { RoomUse } from "./room-clients";
import type { RoomContext } from "./room-context";

export type RoomLifetimeOptions = Pick<RoomContext, "room" | "state"> & {
  link: LinkKeeper;
  outbox: DraftOutbox;
  /** Called at each change. */
  onUse(use: RoomUse): void;
  /** Asks for newer entries: a link that does not answer soon is dead. */
  probe(): void;
};

/** How long a client is in its room: while the page shows the room, and then until its drafts are sent. */
export type RoomLifetime = {
  open(): void;
  /** Leaves the room once its drafts are sent. */
  close(): void;
  /** If the room is not open here: connects, sends the waiting drafts, and ends the connection. */
  deliver(): void;
  /** To be called when drafts may have been sent. */
  leaveWhenSent(): void;
};

export function createRoomLifetime(
  environment: Environment,
  { room, state, link, outbox, onUse, probe }: RoomLifetimeOptions,
): RoomLifetime {
  let use: RoomUse = "left";
  let wasShown = false;
  let stopWatching: Cancel[] = [];

  function change(to: RoomUse): void {
    use = to;
    onUse(to);
  }

  function enter(as: RoomUse): void {
    const isOpen = use !== "left";
    wasShown = as === "shown" || (isOpen && wasShown);
    change(as);
    outbox.sync();
    if (isOpen) return;
    stopWatching = [environment.watchPage(pageChanged), outbox.watchTabs()];
    link.open();
  }

  function pageChanged(moment: PageMoment): void {
    // A page that returns from the browser's back/forward cache has missed the changes of other tabs.
    if (moment === "shown") outbox.sync();
    if (moment !== "hidden" && state().link.is === "live") probe();
    link.pageChanged(moment);
  }

  function leaveWhenSent(): void {
    if (use !== "sending" || (state().link.is !== "refused" && state().outbox.some(isUnsent))) return;
    change("left");
    for (const stop of stopWatching) stop();
    outbox.close();
    // The other members see at once that the visitor has left. A page that only sent for another one does not know that:
    // the visitor's own page may be on its way back.
    if (wasShown) void link.ask("room:leave", { room });
    link.close();
  }

  return {
    open: () => enter("shown"),
    close() {
      if (use === "left") return;
      change("sending");
      leaveWhenSent();
    },
    deliver() {
      outbox.sync();
      if (use === "left" && state().outbox.some(isUnsent)) enter("sending");
    },
    leaveWhenSent,
  };
}
