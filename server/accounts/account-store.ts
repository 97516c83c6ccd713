import type { VisitorId } from "../../protocol/events";
import { ChatError } from "../errors";
import { recordKeys } from "../records/keys";
import { mapAt, storeTime } from "../records/kinds";
import type { Records } from "../records/records";
import { type Account, accountIn, readText, toText } from "./account-text";
import { DeviceStore, devicesOf } from "./device-store";
import type { Session } from "./session";
import { assertNotEnded, lastEndOf, TokenEnds, timeIfNotEnded } from "./token-ends";
import { TransferCodes } from "./transfer-codes";

export type AccountKeeping = {
  /** How long an end is remembered: longer than any token lives. */
  endKeptMs: number;
};

const accounts = mapAt(recordKeys.accounts.accounts);
const handles = mapAt(recordKeys.accounts.handles);

/**
 * Visitors' accounts, devices, codes and ended tokens, shared by all replicas.
 *
 * - Every method, those of its parts too, throws ChatError("unavailable"), within about a second, when the outcome is
 *   unknown, and ChatError("storage_full") when the store is full and wrote nothing.
 * - Each method is one step: concurrent calls, on any replicas, take effect one after another.
 * - A method that takes a session, except `codes.holds`, throws ChatError("invalid_token") and does nothing when that
 *   visitor's tokens have been ended since the session was signed.
 */
export class AccountStore {
  readonly ends: TokenEnds;
  readonly codes: TransferCodes;
  readonly devices: DeviceStore;

  constructor(
    private readonly records: Records,
    { endKeptMs }: AccountKeeping,
  ) {
    this.ends = new TokenEnds(records, endKeptMs);
    this.codes = new TransferCodes(records);
    this.devices = new DeviceStore(records, this.ends);
  }

  /** False when accounts end with this process. */
  get isLasting(): boolean {
    return this.records.isLasting;
  }

  /** Ends all of the visitor's tokens. Returns its new generation, greater than any given before to any visitor. */
  end(session: Session): Promise<number> {
    const { visitor } = session;
    return this.records.step(async (step) => {
      const now = await timeIfNotEnded(step, session);
      return this.ends.write(step, { visitor, now }, [devicesOf(visitor).remove()]);
    });
  }

  /**
   * Gives the visitor an account. Throws ChatError("forbidden") when it has one, ChatError("name_taken") when a handle
   * of this skeleton is taken by another visitor. A handle without an account was moved here without its password.
   */
  add(session: Session, skeleton: string, account: Account): Promise<void> {
    const { visitor, since } = session;
    return this.records.step(async (step) => {
      const [end, kept, holder] = await step.read(
        lastEndOf(visitor),
        accounts.field(visitor),
        handles.field(skeleton),
      );
      assertNotEnded(session, end);
      if (kept !== undefined) throw new ChatError("forbidden");
      if (holder !== undefined && holder !== visitor) throw new ChatError("name_taken");
      await step.write([
        accounts.setField(visitor, toText({ ...account, skeleton, ...(since !== undefined && { since }) })),
        handles.setField(skeleton, visitor),
      ]);
    });
  }

  /** The account with this handle, and its visitor in its present generation. */
  async find(skeleton: string): Promise<{ session: Session; account: Account } | undefined> {
    const [visitor] = await this.records.read(handles.field(skeleton));
    if (visitor === undefined) return undefined;
    const [kept, [generation = 0]] = await this.records.read(accounts.field(visitor), lastEndOf(visitor));
    if (kept === undefined) return undefined;
    const { since } = readText(kept);
    const session = { visitor, generation, ...(since !== undefined && { since }) };
    return { session, account: accountIn(kept) };
  }

  /** The visitor's own account. */
  async read(session: Session): Promise<Account | undefined> {
    const [end, kept] = await this.records.read(lastEndOf(session.visitor), accounts.field(session.visitor));
    assertNotEnded(session, end);
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
      const [now, end, text] = await step.read(storeTime, lastEndOf(visitor), accounts.field(visitor));
      assertNotEnded(session, end);
      const kept = text === undefined ? undefined : readText(text);
      if (kept?.handle !== was.handle || kept.password !== was.password) throw new ChatError("forbidden");
      const change = accounts.setField(visitor, toText({ ...kept, password }));
      if (ending)
        return this.ends.write(step, { visitor, now }, [change, devicesOf(visitor).remove()], {
          evenWhenFull: false,
        });
      await step.write([change]);
      return session.generation;
    });
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
      const [now, end, kept] = await step.read(storeTime, lastEndOf(visitor), accounts.field(visitor));
      assertNotEnded(session, end);
      if (kept === undefined && mustExist) throw new ChatError("forbidden");
      const account = kept === undefined ? [] : [handles.removeField(readText(kept).skeleton)];
      return this.ends.write(step, { visitor, now }, [
        ...account,
        accounts.removeField(visitor),
        devicesOf(visitor).remove(),
      ]);
    });
  }
}
