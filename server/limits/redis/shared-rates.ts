import type { StoreConnection } from "../../redis/connection";
import { createKeys, type Keys } from "../../redis/keys";
import { toChatErrors } from "../../redis/replies";
import { defineRateScripts, type RateScripts } from "../../redis/scripts";
import { inMicroseconds, type SharedRates, type Take } from "../shared-rates";

/** One small string for each key that has taken lately; it lapses when the rate is full again. */
export class RedisSharedRates implements SharedRates {
  private readonly keys: Keys;
  private readonly scripts: RateScripts;

  /** The caller owns the connection, and closes it. */
  constructor(redis: StoreConnection, prefix: string) {
    this.keys = createKeys(prefix, redis);
    this.scripts = defineRateScripts(redis);
  }

  async take(group: string, takes: readonly Take[]): Promise<number[]> {
    const keys = takes.map(({ key }) => this.keys.rate(group, key));
    const args = takes.map(inMicroseconds).flatMap(({ taken, all }) => [taken, all]);
    return (await toChatErrors(this.scripts["take-rates"](keys, args))) as number[];
  }
}
