import type { StoreConnection, StoreStep } from "../redis/connection";
import { createKeys } from "../redis/keys";
import { repliesOf } from "../redis/replies";
import { toChatError } from "../redis/store-error";
import { type Asset, type AssetPath, type AssetStore, assetKeptMs } from "./assets";

/** Few enough that messages do not wait behind them on the connection they share. */
const filesAtOnce = 8;

/** One key for each file, which lapses. About 0.4 MB for a build. */
export class RedisAssets implements AssetStore {
  private readonly keyOf: (path: AssetPath) => string;

  /** The connection stays its owner's. */
  constructor(
    private readonly redis: StoreConnection,
    prefix: string,
  ) {
    this.keyOf = createKeys(prefix, redis).asset;
  }

  async keep(assets: readonly Asset[]): Promise<void> {
    for (let first = 0; first < assets.length; first += filesAtOnce)
      await this.keepSome(assets.slice(first, first + filesAtOnce));
  }

  async find(path: AssetPath): Promise<Buffer | undefined> {
    try {
      return (await this.redis.getBuffer(this.keyOf(path))) ?? undefined;
    } catch (error) {
      throw toChatError(error);
    }
  }

  private async keepSome(assets: readonly Asset[]): Promise<void> {
    const written = assets.map(
      ({ path, gzip }): StoreStep => [["set", this.keyOf(path), gzip, "PX", assetKeptMs]],
    );
    repliesOf(await this.redis.askAll(written));
  }
}
