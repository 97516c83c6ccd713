import type { VisitorId } from "../../protocol/events";
import { ChatError } from "../errors";
import { recordKeys } from "../records/keys";
import { listAt, mapAt, storeTime, valueAt } from "../records/kinds";
import type { Records, Step, Write } from "../records/records";
import {
  type Account,
  accountIn,
  type Device,
  deviceLine,
  readDevice,
  readText,
  toText,
} from "./account-text";
import { type DeviceId, endKey, readEnd, type Session } from "./session";

/** Beyond this number, the devices seen longest ago are no longer kept. */
export const maxDevices = 50;

export type AccountKeeping = {
  /** How long an end is remembered: longer than any token lives. */
  endKeptMs: number;
};

/** The most ends that `endsAfter` returns. */
export const endsPage = 1_000;

const { ended: endedKey, accounts: accountsKey, handles: handlesKey } = recordKeys.accounts;
const [ended, accounts, handles] = [listAt(endedKey), mapAt(accountsKey), mapAt(handlesKey)];
const codeAt = (digest: string) => valueAt(recordKeys.accounts.code(digest));
const devicesOf = (visitor: VisitorId) => mapAt(recordKeys.accounts.devices(visitor));

/**
 * What is kept of visitors beyond one visit, shared by all replicas.
 *
 * - Every method throws ChatError("unavailable"), within about a second, when the outcome is unknown, and
 *   ChatError("storage_full") when the store is full and wrote nothing.
 * - Each method is one step: concurrent calls, on any replicas, take effect one after another.
 * - A method that takes a session, except `holdsCode`, throws ChatError("invalid_token") and does nothing when that
 *   visitor's tokens have been ended since the session was signed.
 */
export class AccountStore {
  constructor(
    private readonly records: Records,
    private readonly keeping: AccountKeeping,
  ) {}

  /** False when accounts end with this process. */
  get isLasting(): boolean {
    return this.records.isLasting;
  }

  /** When the tokens of the visitor, or of its `device`, were last ended; 0 for no end within `endKeptMs`. */
  async generationOf(visitor: VisitorId, device?: DeviceId): Promise<number> {
    const keys = [endKey({ visitor }), ...(device === undefined ? [] : [endKey({ visitor, device })])];
    const [ends] = await this.records.read(ended.scores(...keys));
    return Math.max(...ends.map((end) => end ?? 0));
  }

  /** Ends all of the visitor's tokens. Returns its new generation, greater than any given before to any visitor. */
  end(session: Session): Promise<number> {
    return this.records.step(async (step) => {
      const now = await checkedTime(step, session);
      return this.writeEnd(step, now, endKey({ visitor: session.visitor }), [
        devicesOf(session.visitor).remove(),
      ]);
    });
  }

  /** Ends the tokens of one device; the visitor's other devices stay. Returns when, as a generation. */
  endDevice(session: Session, device: DeviceId): Promise<number> {
    return this.records.step(async (step) => {
      const now = await checkedTime(step, session);
      return this.writeEnd(step, now, endKey({ visitor: session.visitor, device }), [
        devicesOf(session.visitor).removeField(device),
      ]);
    });
  }

  /** The ends after a generation, in order, `endsPage` at most; only the last end of each visitor and device. */
  async endsAfter(generation: number): Promise<Session[]> {
    const range = { order: "lowest", above: generation, most: endsPage } as const;
    const [ends] = await this.records.read(ended.listed(range));
    return ends.map(([key, end]) => readEnd(key, end));
  }

  /**
   * Keeps a transfer code for `ttlMs`, by its `digest` only, which has the same letters as a quota's key. Returns when
   * it lapses, in milliseconds since 1970 by the store's clock.
   */
  keepCode(digest: string, session: Session, ttlMs: number): Promise<number> {
    return this.records.step(async (step) => {
      const now = await checkedTime(step, session);
      await step.write([codeAt(digest).put(codeOf(session), ttlMs)]);
      return now + ttlMs;
    });
  }

  /**
   * Takes a code and returns its session; of concurrent calls only one gets it. Undefined for a code that was never
   * given, was taken or has lapsed, or whose visitor's tokens have been ended since.
   */
  takeCode(digest: string): Promise<Session | undefined> {
    return this.records.step(async (step) => {
      const [code] = await step.read(codeAt(digest).value());
      if (code === undefined) return undefined;
      const [visitor = "", generation] = code.split(" ");
      const session = { visitor, generation: Number(generation) };
      const [[end = 0]] = await step.read(ended.scores(visitor));
      await step.write([codeAt(digest).remove()]);
      return end > session.generation ? undefined : session;
    });
  }

  /** Whether it is this session's own code, and can still be taken. */
  async holdsCode(digest: string, session: Session): Promise<boolean> {
    const [code] = await this.records.read(codeAt(digest).value());
    return code === codeOf(session);
  }

  /**
   * Gives the visitor an account. Throws ChatError("forbidden") when it has one, ChatError("name_taken") when a handle
   * of this skeleton is taken.
   */
  add(session: Session, skeleton: string, account: Account): Promise<void> {
    const { visitor } = session;
    return this.records.step(async (step) => {
      const [[end], kept, holder] = await step.read(
        ended.scores(visitor),
        accounts.field(visitor),
        handles.field(skeleton),
      );
      check(session, end);
      if (kept !== undefined) throw new ChatError("forbidden");
      if (holder !== undefined) throw new ChatError("name_taken");
      await step.write([
        accounts.setField(visitor, toText({ ...account, skeleton })),
        handles.setField(skeleton, visitor),
      ]);
    });
  }

  /** The account with this handle, and its visitor in its present generation. */
  async find(skeleton: string): Promise<{ session: Session; account: Account } | undefined> {
    const [visitor] = await this.records.read(handles.field(skeleton));
    if (visitor === undefined) return undefined;
    const [kept, [generation = 0]] = await this.records.read(accounts.field(visitor), ended.scores(visitor));
    return kept === undefined ? undefined : { session: { visitor, generation }, account: accountIn(kept) };
  }

  /** The visitor's own account. */
  async read(session: Session): Promise<Account | undefined> {
    const [[end], kept] = await this.records.read(
      ended.scores(session.visitor),
      accounts.field(session.visitor),
    );
    check(session, end);
    return kept === undefined ? undefined : accountIn(kept);
  }

  /**
   * Changes the account's password. With `ending` it also ends all of the visitor's tokens. Returns the visitor's
   * generation after that. Throws ChatError("forbidden") when the account is no longer as it `was`.
   */
  setPassword(
    session: Session,
    { was, password, ending }: { was: Account; password: string; ending: boolean },
  ): Promise<number> {
    const { visitor } = session;
    return this.records.step(async (step) => {
      const [now, [end], text] = await step.read(storeTime, ended.scores(visitor), accounts.field(visitor));
      check(session, end);
      const kept = text === undefined ? undefined : readText(text);
      if (kept?.handle !== was.handle || kept.password !== was.password) throw new ChatError("forbidden");
      const change = accounts.setField(visitor, toText({ ...kept, password }));
      if (ending)
        return this.writeEnd(step, now, endKey({ visitor }), [change, devicesOf(visitor).remove()], false);
      await step.write([change]);
      return session.generation;
    });
  }

  /**
   * Notes that the session's device was seen, and with `isProven` that it gave the password. Returns false and keeps
   * nothing for a visitor without an account, or a session without a device. An empty name leaves the device's name as
   * it is.
   */
  async noteDevice(session: Session, seen: { name: string; isProven: boolean }): Promise<boolean> {
    const { visitor, device: id } = session;
    if (id === undefined) return false;
    const devices = devicesOf(visitor);
    return this.records.step(async (step) => {
      const [now, [end], kept, fields] = await step.read(
        storeTime,
        ended.scores(visitor),
        accounts.field(visitor),
        devices.fields(),
      );
      check(session, end);
      if (kept === undefined) return false;
      const known = [...fields].map(([other, line]) => readDevice(other, line));
      const { since = now, provenAt = 0, name = "" } = known.find((each) => each.id === id) ?? {};
      const device = {
        id,
        since,
        seenAt: now,
        provenAt: seen.isProven ? now : provenAt,
        name: seen.name || name,
      };
      const others = known.filter((each) => each.id !== id).sort((one, other) => one.seenAt - other.seenAt);
      const [oldest] = others.length < maxDevices ? [] : others;
      await step.write([
        devices.setField(id, deviceLine(device)),
        devices.keep(this.keeping.endKeptMs),
        ...(oldest ? [devices.removeField(oldest.id)] : []),
      ]);
      return true;
    });
  }

  /** The devices of the visitor's account whose tokens can still be valid, in no order. */
  async devices(session: Session): Promise<Device[]> {
    const [now, [end], fields] = await this.records.read(
      storeTime,
      ended.scores(session.visitor),
      devicesOf(session.visitor).fields(),
    );
    check(session, end);
    const devices = [...fields].map(([id, line]) => readDevice(id, line));
    return devices.filter(({ seenAt }) => seenAt > now - this.keeping.endKeptMs);
  }

  /**
   * Removes the visitor's account, frees its handle, and ends its tokens. Returns its new generation. Throws
   * ChatError("forbidden") when it has none.
   */
  remove(session: Session): Promise<number> {
    return this.removeAccount(session, true);
  }

  /** Does the same for a visitor with or without an account. */
  forget(session: Session): Promise<number> {
    return this.removeAccount(session, false);
  }

  /** Whether the visitor has an account, in any generation. */
  async hasAccount(visitor: VisitorId): Promise<boolean> {
    return (await this.records.read(accounts.field(visitor)))[0] !== undefined;
  }

  private removeAccount(session: Session, mustExist: boolean): Promise<number> {
    const { visitor } = session;
    return this.records.step(async (step) => {
      const [now, [end], kept] = await step.read(storeTime, ended.scores(visitor), accounts.field(visitor));
      check(session, end);
      if (kept === undefined && mustExist) throw new ChatError("forbidden");
      const account = kept === undefined ? [] : [handles.removeField(readText(kept).skeleton)];
      return this.writeEnd(step, now, endKey({ visitor }), [
        ...account,
        accounts.removeField(visitor),
        devicesOf(visitor).remove(),
      ]);
    });
  }

  /** Writes an end, with what goes with it, and forgets ends that are older than any token. Returns its generation. */
  private async writeEnd(
    step: Step,
    now: number,
    key: string,
    more: Write[],
    evenWhenFull = true,
  ): Promise<number> {
    const writes = [ended.stamp(key), ended.dropBelow(now - this.keeping.endKeptMs), ...more] as const;
    const [generation] = await step.write(writes, { evenWhenFull });
    return generation;
  }
}

function check({ generation }: Session, end: number | undefined): void {
  if ((end ?? 0) > generation) throw new ChatError("invalid_token");
}

/** The store's time, once the session was found to be one that has not been ended. */
async function checkedTime(step: Step, session: Session): Promise<number> {
  const [now, [end]] = await step.read(storeTime, ended.scores(session.visitor));
  check(session, end);
  return now;
}

const codeOf = ({ visitor, generation }: Session): string => `${visitor} ${generation}`;
