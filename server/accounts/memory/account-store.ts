import type { VisitorId } from "../../../protocol/events";
import { ChatError, storeIsFull } from "../../errors";
import { ByteCount } from "../../lib/byte-count";
import type { Clock } from "../../lib/clock";
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

type Lapsing = { lapsesAt: number };

/**
 * Bytes of an account with its handle, a device, a code, an end and a count of tries: rounded up, all but the device
 * measured.
 */
const [accountBytes, deviceBytes, codeBytes, endBytes, countBytes] = [1_200, 500, 400, 150, 300];

/** The embedded store: one process, nothing kept when it ends, the same contract as Redis. */
export class MemoryAccounts implements AccountStore {
  readonly isLasting = false;
  /** In the order of their generations. */
  private readonly ended = new Map<string, number>();
  private lastEnd = 0;
  private readonly codes = new Map<string, Session & Lapsing>();
  private readonly accounts = new Map<VisitorId, Account & { skeleton: string }>();
  private readonly devicesOf = new Map<VisitorId, Map<DeviceId, Device>>();
  private readonly handles = new Map<string, VisitorId>();
  private readonly spent = new Map<string, { count: number } & Lapsing>();

  constructor(
    private readonly keeping: AccountKeeping,
    private readonly clock: Clock,
    private readonly bytes = new ByteCount(),
  ) {}

  async generationOf(visitor: VisitorId, device?: DeviceId): Promise<number> {
    const ends = [endKey({ visitor }), ...(device === undefined ? [] : [endKey({ visitor, device })])];
    return Math.max(...ends.map((key) => this.ended.get(key) ?? 0));
  }

  async end(session: Session): Promise<number> {
    this.check(session);
    this.dropDevices(session.visitor);
    return this.raise(session.visitor);
  }

  async endDevice(session: Session, device: DeviceId): Promise<number> {
    this.check(session);
    if (this.devicesOf.get(session.visitor)?.delete(device)) this.bytes.free(deviceBytes);
    return this.raise(endKey({ visitor: session.visitor, device }));
  }

  async endsAfter(generation: number): Promise<Session[]> {
    const ends = [...this.ended].map(([key, end]) => readEnd(key, end));
    return ends.filter((end) => end.generation > generation).slice(0, endsPage);
  }

  async keepCode(digest: string, session: Session, ttlMs: number): Promise<number> {
    this.check(session);
    this.checkSpace();
    this.dropLapsed(this.codes, codeBytes);
    const lapsesAt = this.clock.now() + ttlMs;
    if (!this.codes.has(digest)) this.bytes.add(codeBytes);
    this.codes.set(digest, { ...session, lapsesAt });
    return lapsesAt;
  }

  async takeCode(digest: string): Promise<Session | undefined> {
    this.dropLapsed(this.codes, codeBytes);
    const code = this.codes.get(digest);
    if (this.codes.delete(digest)) this.bytes.free(codeBytes);
    if (code === undefined || this.hasEnded(code)) return undefined;
    return { visitor: code.visitor, generation: code.generation };
  }

  async holdsCode(digest: string, { visitor, generation }: Session): Promise<boolean> {
    this.dropLapsed(this.codes, codeBytes);
    const code = this.codes.get(digest);
    return code?.visitor === visitor && code.generation === generation;
  }

  async add(session: Session, skeleton: string, { handle, password }: Account): Promise<void> {
    this.check(session);
    if (this.accounts.has(session.visitor)) throw new ChatError("forbidden");
    if (this.handles.has(skeleton)) throw new ChatError("name_taken");
    this.checkSpace();
    this.bytes.add(accountBytes);
    this.accounts.set(session.visitor, { handle, password, skeleton });
    this.handles.set(skeleton, session.visitor);
  }

  async find(skeleton: string): Promise<{ session: Session; account: Account } | undefined> {
    const visitor = this.handles.get(skeleton) ?? "";
    const account = this.accountOf(visitor);
    return account && { session: { visitor, generation: this.ended.get(visitor) ?? 0 }, account };
  }

  async read(session: Session): Promise<Account | undefined> {
    this.check(session);
    return this.accountOf(session.visitor);
  }

  async setPassword(
    session: Session,
    { was, password, ending }: { was: Account; password: string; ending: boolean },
  ): Promise<number> {
    this.check(session);
    const account = this.accounts.get(session.visitor);
    if (account?.password !== was.password) throw new ChatError("forbidden");
    this.accounts.set(session.visitor, { ...account, password });
    if (!ending) return session.generation;
    this.dropDevices(session.visitor);
    return this.raise(session.visitor);
  }

  async noteDevice(
    session: Session,
    { name, isProven }: { name: string; isProven: boolean },
  ): Promise<boolean> {
    this.check(session);
    const { visitor, device: id } = session;
    if (id === undefined || !this.accounts.has(visitor)) return false;
    const devices = this.devicesOf.get(visitor) ?? new Map<DeviceId, Device>();
    const now = this.clock.now();
    const { since = now, provenAt = 0, name: known = "" } = devices.get(id) ?? {};
    if (!devices.has(id)) this.bytes.add(deviceBytes);
    devices.set(id, { id, since, seenAt: now, provenAt: isProven ? now : provenAt, name: name || known });
    this.devicesOf.set(visitor, devices);
    const [oldest] = [...devices.values()].sort((a, b) => a.seenAt - b.seenAt);
    if (devices.size > maxDevices && oldest && devices.delete(oldest.id)) this.bytes.free(deviceBytes);
    return true;
  }

  async devices(session: Session): Promise<Device[]> {
    this.check(session);
    const last = this.clock.now() - this.keeping.endKeptMs;
    return [...(this.devicesOf.get(session.visitor)?.values() ?? [])].filter(({ seenAt }) => seenAt > last);
  }

  async remove(session: Session): Promise<number> {
    this.check(session);
    if (!this.accounts.has(session.visitor)) throw new ChatError("forbidden");
    return this.forget(session);
  }

  async forget(session: Session): Promise<number> {
    this.check(session);
    const account = this.accounts.get(session.visitor);
    if (this.accounts.delete(session.visitor)) this.bytes.free(accountBytes);
    this.dropDevices(session.visitor);
    if (account !== undefined) this.handles.delete(account.skeleton);
    return this.raise(session.visitor);
  }

  async hasAccount(visitor: VisitorId): Promise<boolean> {
    return this.accounts.has(visitor);
  }

  async spend(quotas: readonly AccountQuota[]): Promise<void> {
    this.dropLapsed(this.spent, countBytes);
    const now = this.clock.now();
    const waits = quotas.map(({ key, limit }) => {
      const { count, lapsesAt } = this.spent.get(key) ?? { count: 0, lapsesAt: now };
      return count < limit ? 0 : lapsesAt - now;
    });
    const waitMs = Math.max(0, ...waits);
    if (waitMs > 0) throw new ChatError("rate_limited", undefined, waitMs);
    for (const { key, windowMs } of quotas) {
      const { count, lapsesAt } = this.spent.get(key) ?? { count: 0, lapsesAt: now + windowMs };
      if (!this.spent.has(key)) this.bytes.add(countBytes);
      this.spent.set(key, { count: count + 1, lapsesAt });
    }
  }

  private dropDevices(visitor: VisitorId): void {
    this.bytes.free(deviceBytes * (this.devicesOf.get(visitor)?.size ?? 0));
    this.devicesOf.delete(visitor);
  }

  private accountOf(visitor: VisitorId): Account | undefined {
    const account = this.accounts.get(visitor);
    return account && { handle: account.handle, password: account.password };
  }

  private dropLapsed(things: Map<string, Lapsing>, eachBytes: number): void {
    const now = this.clock.now();
    for (const [key, { lapsesAt }] of things)
      if (lapsesAt <= now && things.delete(key)) this.bytes.free(eachBytes);
  }

  private checkSpace(): void {
    if (this.bytes.isFull) throw storeIsFull();
  }

  private hasEnded({ visitor, generation }: Session): boolean {
    return (this.ended.get(visitor) ?? 0) > generation;
  }

  private check(session: Session): void {
    if (this.hasEnded(session)) throw new ChatError("invalid_token");
  }

  private raise(key: string): number {
    this.lastEnd = Math.max(this.clock.now(), this.lastEnd + 1);
    if (!this.ended.delete(key)) this.bytes.add(endBytes);
    this.ended.set(key, this.lastEnd);
    for (const [old, end] of this.ended) {
      if (end >= this.lastEnd - this.keeping.endKeptMs) break;
      this.ended.delete(old);
      this.bytes.free(endBytes);
    }
    return this.lastEnd;
  }
}
