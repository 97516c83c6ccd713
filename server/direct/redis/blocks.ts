import type { VisitorId } from "../../../protocol/events";
import { ChatError } from "../../errors";
import type { StoreConnection } from "../../redis/clients";
import type { Keys } from "../../redis/keys";
import { replies, toChatErrors } from "../../redis/replies";
import { type DirectSettings, maxBlocked } from "../conversation-index";

/** Longer than a token lives, because the visitor may have an account. */
const settledMs = 400 * 86_400_000;

/** Visitors' settings: whether they refuse new conversations, and which visitors they have blocked. */
export class RedisBlocks {
  constructor(
    private readonly commands: StoreConnection,
    private readonly keys: Pick<Keys, "refuses" | "blocked">,
  ) {}

  async read(visitor: VisitorId): Promise<DirectSettings> {
    const asking = this.commands.pipeline();
    asking.exists(this.keys.refuses(visitor)).smembers(this.keys.blocked(visitor));
    const [isRefusing, blocked] = await replies(asking.exec());
    return { refusesNew: isRefusing === 1, blocked: blocked as VisitorId[] };
  }

  async refuse(visitor: VisitorId, refuses: boolean): Promise<void> {
    const { commands } = this;
    const key = this.keys.refuses(visitor);
    await toChatErrors<unknown>(refuses ? commands.set(key, "1", "PX", settledMs) : commands.del(key));
  }

  /** Returns whether that changed anything. Throws ChatError("forbidden") for one more than `maxBlocked`. */
  async block(visitor: VisitorId, other: VisitorId, isBlocked: boolean): Promise<boolean> {
    const { commands } = this;
    const key = this.keys.blocked(visitor);
    if (!isBlocked) return (await toChatErrors(commands.srem(key, other))) === 1;
    const [count, isThere] = await replies(commands.pipeline().scard(key).sismember(key, other).exec());
    // Concurrent calls may add a few more, which does no harm.
    if (isThere === 0 && Number(count) >= maxBlocked) throw new ChatError("forbidden");
    const [added] = await replies(commands.pipeline().sadd(key, other).pexpire(key, settledMs).exec());
    return added === 1;
  }
}
