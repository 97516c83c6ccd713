import type { VisitorId } from "../../protocol/events";
import { ChatError } from "../chat/errors";
import { ByteCount } from "../lib/byte-count";
import type { Clock } from "../lib/clock";
import {
  type Account,
  type AccountKeeping,
  type AccountStore,
  endsPage,
  type Quota,
  type Session,
} from "./accounts";

type Lapsing = { lapsesAt: number };

/** An account with its handle, a code, an end, and a count of tries: measured, rounded up. */
const [accountBytes, codeBytes, endBytes, countBytes] = [1_200, 400, 150, 300];

/** The embedded store: one process, nothing kept when it ends, the same contract as Redis. */
export class MemoryAccounts implements AccountStore {
  readonly isLasting = false;
  /** In the order of their generations. */
  private readonly ended = new Map<VisitorId, number>();
  private lastEnd = 0;
  private readonly codes = new Map<string, Session & Lapsing>();
  private readonly accounts = new Map<VisitorId, Account & { skeleton: string }>();
  private readonly handles = new Map<string, VisitorId>();
  private readonly spent = new Map<string, { count: number } & Lapsing>();

  constructor(
    private readonly keeping: AccountKeeping,
    private readonly clock: Clock,
    private readonly bytes = new ByteCount(),
  ) {}

  async generationOf(visitor: VisitorId): Promise<number> {
    return this.ended.get(visitor) ?? 0;
  }

  async end(session: Session): Promise<number> {
    this.check(session);
    return this.raise(session.visitor);
  }

  async endsAfter(generation: number): Promise<Session[]> {
    const ends = [...this.ended].map(([visitor, end]) => ({ visitor, generation: end }));
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

  async remove(session: Session): Promise<number> {
    this.check(session);
    if (!this.accounts.has(session.visitor)) throw new ChatError("forbidden");
    return this.forget(session);
  }

  async forget(session: Session): Promise<number> {
    this.check(session);
    const account = this.accounts.get(session.visitor);
    if (this.accounts.delete(session.visitor)) this.bytes.free(accountBytes);
    if (account !== undefined) this.handles.delete(account.skeleton);
    return this.raise(session.visitor);
  }

  async hasAccount(visitor: VisitorId): Promise<boolean> {
    return this.accounts.has(visitor);
  }

  async spend(quotas: readonly Quota[]): Promise<void> {
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
    if (this.bytes.isFull) throw new ChatError("storage_full");
  }

  private hasEnded({ visitor, generation }: Session): boolean {
    return (this.ended.get(visitor) ?? 0) > generation;
  }

  private check(session: Session): void {
    if (this.hasEnded(session)) throw new ChatError("invalid_token");
  }

  private raise(visitor: VisitorId): number {
    this.lastEnd = Math.max(this.clock.now(), this.lastEnd + 1);
    if (!this.ended.delete(visitor)) this.bytes.add(endBytes);
    this.ended.set(visitor, this.lastEnd);
    for (const [old, end] of this.ended) {
      if (end >= this.lastEnd - this.keeping.endKeptMs) break;
      this.ended.delete(old);
      this.bytes.free(endBytes);
    }
    return this.lastEnd;
  }
}
