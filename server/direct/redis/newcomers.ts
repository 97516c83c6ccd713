import type { VisitorId } from "../../../protocol/events";
import { systemClock } from "../../lib/clock";
import type { StoreConnection } from "../../redis/clients";
import { toChatErrors } from "../../redis/replies";
import type { NewlyListed } from "../conversation-index";

const maxNewcomers = 10_000;
const keptMs = 3_600_000;

/** The stream of visitors (`v`) whose lists have a new conversation. Every replica reads on from its place. */
export class RedisNewcomers {
  constructor(
    private readonly commands: StoreConnection,
    private readonly key: string,
  ) {}

  /** Adds the visitor in the caller's pipeline. */
  add(pipeline: ReturnType<StoreConnection["pipeline"]>, visitor: VisitorId): void {
    pipeline
      .xadd(this.key, "MAXLEN", "~", maxNewcomers, "*", "v", visitor)
      .xtrim(this.key, "MINID", systemClock.now() - keptMs)
      .pexpire(this.key, keptMs);
  }

  /** Newcomers after a place; without one, only where they end now. */
  async read(after?: string): Promise<NewlyListed> {
    const found =
      after === undefined
        ? await toChatErrors(this.commands.xrevrange(this.key, "+", "-", "COUNT", 1))
        : await toChatErrors(this.commands.xrange(this.key, `(${after}`, "+"));
    const upTo = found.at(-1)?.[0] ?? after ?? "0-0";
    const visitors = after === undefined ? [] : found.map(([, fields]) => fields[1] ?? "");
    return { upTo, visitors: [...new Set(visitors)] };
  }
}
