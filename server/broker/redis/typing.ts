import type { RoomId } from "../../../protocol/events";
import type { ConnectionId } from "../membership";
import type { BrokerTyping } from "../typing";
import type { RedisMembership } from "./presence/membership";
import type { RoomScript, RoomScripts, RunRoomScript } from "./room-scripts";

const scripts = { typing: { args: ["connectionKey", "isTyping"] } } as const satisfies Record<
  string,
  RoomScript
>;

type RedisTypingOptions = { scripts: RoomScripts; membership: Pick<RedisMembership, "act"> };

/** Tells over a room's channel which members type. Throws ChatError. */
export class RedisTyping implements BrokerTyping {
  private readonly run: RunRoomScript<typeof scripts>;

  constructor(private readonly options: RedisTypingOptions) {
    this.run = options.scripts.of(scripts);
  }

  async set(room: RoomId, connection: ConnectionId, isTyping: boolean): Promise<void> {
    await this.options.membership.act(room, connection, (connectionKey) =>
      this.run("typing", room, { args: { connectionKey, isTyping: isTyping ? "1" : "0" } }),
    );
  }
}
