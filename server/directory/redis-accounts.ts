import type { VisitorId } from "../../protocol/events";
import { ChatError } from "../chat/errors";
import type { StoreConnection } from "../redis/clients";
import { type AccountKeys, createAccountKeys } from "../redis/keys";
import { type AccountScripts, defineAccountScripts } from "../redis/scripts";
import {
  type Account,
  type AccountKeeping,
  type AccountStore,
  endsPage,
  type Quota,
  type Session,
} from "./accounts";
import { known } from "./replies";

export type RedisAccountSettings = AccountKeeping & { prefix: string };

/** All of its keys are in one slot: accounts are few, and its steps touch several of them. */
export class RedisAccounts implements AccountStore {
  readonly isLasting = true;
  private readonly scripts: AccountScripts;
  private readonly keys: AccountKeys;

  /** The connection stays its owner's. */
  constructor(
    private readonly commands: StoreConnection,
    private readonly settings: RedisAccountSettings,
  ) {
    this.scripts = defineAccountScripts(commands);
    this.keys = createAccountKeys(settings.prefix);
  }

  async generationOf(visitor: VisitorId): Promise<number> {
    return Number((await known(this.commands.zscore(this.keys.ended, visitor))) ?? 0);
  }

  async end(session: Session): Promise<number> {
    return Number(await this.run("account-end", this.signed(session)));
  }

  async endsAfter(generation: number): Promise<Session[]> {
    const { ended } = this.keys;
    const range = [ended, `(${generation}`, "+inf", "BYSCORE", "LIMIT", 0, endsPage, "WITHSCORES"] as const;
    const flat = await known(this.commands.zrange(...range));
    return flat.flatMap((visitor, index) =>
      index % 2 === 0 ? [{ visitor, generation: Number(flat[index + 1]) }] : [],
    );
  }

  async keepCode(digest: string, session: Session, ttlMs: number): Promise<number> {
    const key = this.keys.code(digest);
    return Number(await this.run("account-keep-code", [...this.signed(session), ttlMs], [key]));
  }

  async takeCode(digest: string): Promise<Session | undefined> {
    const found = (await this.run("account-take-code", [], [this.keys.code(digest)])) as string[] | null;
    if (found === null) return undefined;
    const [visitor = "", generation] = found;
    return { visitor, generation: Number(generation) };
  }

  async holdsCode(digest: string, { visitor, generation }: Session): Promise<boolean> {
    return (await known(this.commands.get(this.keys.code(digest)))) === `${visitor} ${generation}`;
  }

  async add(session: Session, skeleton: string, account: Account): Promise<void> {
    await this.run("account-add", [...this.signed(session), skeleton, JSON.stringify(account)]);
  }

  async find(skeleton: string): Promise<{ session: Session; account: Account } | undefined> {
    const found = (await this.run("account-find", [skeleton])) as string[] | null;
    if (found === null) return undefined;
    const [visitor = "", generation, account = ""] = found;
    return { session: { visitor, generation: Number(generation) }, account: readAccount(account) };
  }

  async read(session: Session): Promise<Account | undefined> {
    const account = (await this.run("account-read", this.signed(session))) as string | null;
    return account === null ? undefined : readAccount(account);
  }

  async remove(session: Session): Promise<number> {
    return Number(await this.run("account-remove", this.signed(session)));
  }

  async forget(session: Session): Promise<number> {
    return Number(await this.run("account-remove", [...this.signed(session), "1"]));
  }

  async hasAccount(visitor: VisitorId): Promise<boolean> {
    return (await known(this.commands.hexists(this.keys.accounts, visitor))) === 1;
  }

  async spend(quotas: readonly Quota[]): Promise<void> {
    const keys = quotas.map(({ key }) => this.keys.quota(key));
    const bounds = quotas.flatMap(({ limit, windowMs }) => [limit, windowMs]);
    const waitMs = Number(await this.run("account-spend", bounds, keys));
    if (waitMs > 0) throw new ChatError("rate_limited", undefined, waitMs);
  }

  /** The first arguments of every script that acts for a visitor (server/redis/scripts/accounts.lua). */
  private signed({ visitor, generation }: Session): (string | number)[] {
    return [this.settings.endKeptMs, visitor, generation];
  }

  private run(
    script: keyof AccountScripts,
    args: (string | number)[],
    keys: string[] = [],
  ): Promise<unknown> {
    return known(this.scripts[script]([...this.keys.all, ...keys], args));
  }
}

/** Nothing but `add` has written it. */
const readAccount = (json: string): Account => JSON.parse(json) as Account;
