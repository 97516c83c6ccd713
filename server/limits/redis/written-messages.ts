import type { VisitorId } from "../../../protocol/events";
import type { StoreConnection } from "../../redis/clients";
import { createKeys, type Keys } from "../../redis/keys";
import { replies, toChatErrors } from "../../redis/replies";
import type { WrittenMessages } from "../written-messages";

/** A set for each new visitor that has written. */
export class RedisWrittenMessages implements WrittenMessages {
  private readonly keys: Keys;

  /** The caller owns the connection, and closes it. */
  constructor(
    private readonly commands: StoreConnection,
    prefix: string,
  ) {
    this.keys = createKeys(prefix);
  }

  async count(visitor: VisitorId): Promise<number> {
    return toChatErrors(this.commands.scard(this.keys.written(visitor)));
  }

  async add(visitor: VisitorId, message: string, keptMs: number): Promise<void> {
    const key = this.keys.written(visitor);
    await replies(this.commands.multi().sadd(key, message).pexpire(key, keptMs).exec());
  }

  async remove(visitor: VisitorId, message: string): Promise<void> {
    await toChatErrors(this.commands.srem(this.keys.written(visitor), message));
  }

  async forget(visitor: VisitorId): Promise<void> {
    await toChatErrors(this.commands.del(this.keys.written(visitor)));
  }
}
