import type { ServerToClient } from "../../protocol/events";
import type { ConversationChange, InboxListener } from "../direct/inbox";
import type { SendBacklog } from "./send-backlog";
import type { ChatSocket } from "./socket-types";

type PresenceChange = Parameters<ServerToClient["presence:changed"]>[0];

/** Tells one connection of changes in its visitor's conversations. */
export class SocketInboxListener implements InboxListener {
  /** What to tell a slow connection once it has drained: only the latest change of each conversation or partner. */
  private readonly waiting = new Map<string, () => void>();

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
    const isWaiting = this.waiting.size > 0;
    // Waiting changes go first.
    if (!this.backlog.isSlow && !isWaiting) {
      tell();
      return;
    }
    this.waiting.set(about, tell);
    if (!isWaiting) void this.giveLater();
  }

  private async giveLater(): Promise<void> {
    while (this.backlog.isSlow) await this.backlog.drained();
    for (const tell of this.waiting.values()) tell();
    this.waiting.clear();
  }
}
