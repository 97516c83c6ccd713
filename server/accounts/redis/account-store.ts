import type { VisitorId } from "../../../protocol/events";
import { ChatError } from "../../errors";
import type { StoreConnection } from "../../redis/clients";
import { type AccountKeys, createAccountKeys } from "../../redis/keys";
import { toChatErrors } from "../../redis/replies";
import { type AccountScripts, defineAccountScripts } from "../../redis/scripts";
import {
  type Account,
  type AccountKeeping,
  type AccountQuota,
  type AccountStore,
  type Device,
  type DeviceId,
  endKey,
  endsPage,
  maxDevices,
  readEnd,
  type Session,
} from "../account-store";

export type RedisAccountSettings = AccountKeeping & { prefix: string };

/** All of its keys are in one slot: accounts are few, and its steps touch several of them. */
export class RedisAccounts implements AccountStore {
  readonly isLasting = true;
  private readonly scripts: AccountScripts;
  private readonly keys: AccountKeys;

  /** The caller owns the connection, and closes it. */
  constructor(
    private readonly commands: StoreConnection,
    private readonly settings: RedisAccountSettings,
  ) {
    this.scripts = defineAccountScripts(commands);
    this.keys = createAccountKeys(settings.prefix);
  }

  async generationOf(visitor: VisitorId, device?: DeviceId): Promise<number> {
    const keys = [endKey({ visitor }), ...(device === undefined ? [] : [endKey({ visitor, device })])];
    const ends = await toChatErrors(this.commands.zmscore(this.keys.ended, ...keys));
    return Math.max(...ends.map((end) => Number(end ?? 0)));
  }

  async end(session: Session): Promise<number> {
    return Number(await this.run("account-end", this.signed(session), [this.keys.devices(session.visitor)]));
  }

  async endDevice(session: Session, device: DeviceId): Promise<number> {
    const devices = this.keys.devices(session.visitor);
    return Number(await this.run("account-end-device", [...this.signed(session), device], [devices]));
  }

  async endsAfter(generation: number): Promise<Session[]> {
    const { ended } = this.keys;
    const range = [ended, `(${generation}`, "+inf", "BYSCORE", "LIMIT", 0, endsPage, "WITHSCORES"] as const;
    const flat = await toChatErrors(this.commands.zrange(...range));
    return flat.flatMap((key, index) => (index % 2 === 0 ? [readEnd(key, Number(flat[index + 1]))] : []));
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
    return (await toChatErrors(this.commands.get(this.keys.code(digest)))) === `${visitor} ${generation}`;
  }

  async add(session: Session, skeleton: string, account: Account): Promise<void> {
    await this.run("account-add", [...this.signed(session), skeleton, toJson(account)]);
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

  async setPassword(
    session: Session,
    { was, password, ending }: { was: Account; password: string; ending: boolean },
  ): Promise<number> {
    const [before, after] = [toJson(was), toJson({ ...was, password })];
    const args = [...this.signed(session), before, after, ending ? 1 : 0];
    return Number(await this.run("account-set-password", args, [this.keys.devices(session.visitor)]));
  }

  async noteDevice(
    session: Session,
    { name, isProven }: { name: string; isProven: boolean },
  ): Promise<boolean> {
    if (session.device === undefined) return false;
    const args = [...this.signed(session), session.device, name, isProven ? 1 : 0, maxDevices];
    return (await this.run("account-note-device", args, [this.keys.devices(session.visitor)])) === 1;
  }

  async devices(session: Session): Promise<Device[]> {
    const reply = await this.run("account-devices", this.signed(session), [
      this.keys.devices(session.visitor),
    ]);
    const [now, ...flat] = reply as string[];
    const last = Number(now) - this.settings.endKeptMs;
    const devices = flat.flatMap((id, index) =>
      index % 2 === 0 ? [readDevice(id, flat[index + 1] ?? "")] : [],
    );
    return devices.filter(({ seenAt }) => seenAt > last);
  }

  async remove(session: Session): Promise<number> {
    const devices = this.keys.devices(session.visitor);
    return Number(await this.run("account-remove", this.signed(session), [devices]));
  }

  async forget(session: Session): Promise<number> {
    const devices = this.keys.devices(session.visitor);
    return Number(await this.run("account-remove", [...this.signed(session), "1"], [devices]));
  }

  async hasAccount(visitor: VisitorId): Promise<boolean> {
    return (await toChatErrors(this.commands.hexists(this.keys.accounts, visitor))) === 1;
  }

  async spend(quotas: readonly AccountQuota[]): Promise<void> {
    const keys = quotas.map(({ key }) => this.keys.quota(key));
    const bounds = quotas.flatMap(({ limit, windowMs }) => [limit, windowMs]);
    const waitMs = Number(await this.run("account-spend", bounds, keys));
    if (waitMs > 0) throw new ChatError("rate_limited", undefined, waitMs);
  }

  /** The first arguments of every script that acts for a visitor (server/redis/lua/accounts.lua). */
  private signed({ visitor, generation }: Session): (string | number)[] {
    return [this.settings.endKeptMs, visitor, generation];
  }

  private run(
    script: keyof AccountScripts,
    args: (string | number)[],
    keys: string[] = [],
  ): Promise<unknown> {
    return toChatErrors(this.scripts[script]([...this.keys.all, ...keys], args));
  }
}

/** The fields keep this order, because a change compares the JSON as text. */
const toJson = ({ handle, password }: Account): string => JSON.stringify({ handle, password });

/** Only account-note-device.lua writes it. */
function readDevice(id: DeviceId, line: string): Device {
  const [since, seenAt, provenAt, ...name] = line.split(" ");
  return {
    id,
    since: Number(since),
    seenAt: Number(seenAt),
    provenAt: Number(provenAt),
    name: name.join(" "),
  };
}

/** Only `add` and `setPassword` write it. */
const readAccount = (json: string): Account => JSON.parse(json) as Account;
