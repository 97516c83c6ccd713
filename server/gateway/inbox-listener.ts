import type { ServerToClient } from "../../protocol/events";
import type { ConversationChange, InboxListener } from "../direct/inbox-listeners";
import type { SendBacklog } from "./send-backlog";
import type { ChatSocket } from "./socket-types";

type PresenceChange = Parameters<ServerToClient["presence:changed"]>[0];

/** Tells one connection of changes in its visitor's conversations. */
export class SocketInboxListener implements InboxListener {
  /** What to tell a slow connection once it has drained: only the latest change of each conversation or partner. */
  private waiting: Map<string, () => void> | undefined;

  constructor(
    private readonly socket: ChatSocket,
    private readonly backlog: SendBacklog,
  ) {}

  conversationChanged(change: ConversationChange): void {
    this.give(change.room, () => this.socket.emit("direct:changed", change));
  }

  presenceChanged(change: PresenceChange): void {
    this.give(change.visitor, () => this.socket.emit("presence:changed", change));
  }

  private give(about: string, tell: () => void): void {
    // Waiting changes go first.
    if (this.waiting !== undefined) this.waiting.set(about, tell);
    else if (this.backlog.isSlow) void this.giveLater(about, tell);
    else tell();
  }

  private async giveLater(about: string, tell: () => void): Promise<void> {
    const waiting = new Map([[about, tell]]);
    this.waiting = waiting;
    while (this.backlog.isSlow) await this.backlog.drained();
    this.waiting = undefined;
    for (const tellLatest of waiting.values()) tellLatest();
  }
}
