import type { StoreConnection } from "../redis/clients";
import { createKeys, type Keys } from "../redis/keys";
import { defineRateScripts, type RateScripts } from "../redis/scripts";
import { known } from "./replies";
import { inMicroseconds, type Rate, type SharedRates } from "./shared-rates";

/** One small string for each key that has taken lately; it lapses when all is there again. */
export class RedisSharedRates implements SharedRates {
  private readonly keys: Keys;
  private readonly scripts: RateScripts;

  /** The connection stays its owner's. */
  constructor(commands: StoreConnection, prefix: string) {
    this.keys = createKeys(prefix);
    this.scripts = defineRateScripts(commands);
  }

  async take(key: string, rate: Rate): Promise<number> {
    const { each, all } = inMicroseconds(rate);
    return Number(await known(this.scripts["take-rate"]([this.keys.rate(key)], [each, all])));
  }
}
