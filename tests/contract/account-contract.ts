import type { AccountStore } from "../../server/accounts/account-store";
import type { AccountQuota, QuotaStore } from "../../server/accounts/quota-store";
import type { Session } from "../../server/accounts/session";
import { endsPage } from "../../server/accounts/token-ends";
import type { ChatError } from "../../server/errors";
import { expect, test } from "../support/fixtures";
import { freshId } from "./observed-room";

export type OpenAccounts = {
  store: AccountStore;
  quotas: QuotaStore;
  /** Lets time pass for everything that lapses by itself. */
  pass(ms: number): Promise<void>;
};
export type AccountsMaker = () => Promise<OpenAccounts>;

/** As the docs say: a day longer than a token lives. */
export const endKeptMs = 31 * 86_400_000;

const invalidToken = expect.objectContaining({ code: "invalid_token" });
export const session = (generation = 0) => ({ visitor: freshId("visitor"), generation });

/** The result of a step: "done", or the code of the refusal. */
export const codeOf = (step: Promise<unknown>): Promise<string> =>
  step.then(
    () => "done",
    (error: ChatError) => error.code ?? Promise.reject(error),
  );

/** The promises of every store of accounts about generations (server/accounts/token-ends.ts). */
export function generationContract(name: string, make: AccountsMaker): void {
  test(`[ID-1] ${name}: a visitor begins at generation 0, and each end raises the generation above all earlier ones`, async () => {
    const { store } = await make();
    const [one, other] = [session(), session()];
    expect(await store.ends.generationOf(one.visitor)).toBe(0);
    const ends = [];
    for (const asker of [one, other]) ends.push(await store.end(asker));
    ends.push(await store.end({ ...one, generation: ends[0] ?? 0 }));
    expect(ends).toEqual([...new Set(ends)].sort((a, b) => a - b));
    expect([
      await store.ends.generationOf(one.visitor),
      await store.ends.generationOf(other.visitor),
    ]).toEqual([ends[2], ends[1]]);
  });

  test(`[ID-1] ${name}: an ended token cannot end others`, async () => {
    const { store } = await make();
    const asker = session();
    const generation = await store.end(asker);
    await expect(store.end(asker)).rejects.toEqual(invalidToken);
    expect(await store.ends.generationOf(asker.visitor)).toBe(generation);
  });

  test(`[ID-1] ${name}: when ten requests end the same tokens at once, one succeeds`, async () => {
    const { store } = await make();
    const asker = session();
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => store.end(asker)));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test(`[ID-1] ${name}: ends are listed in order, page by page, with each visitor's last end only`, async () => {
    const { store } = await make();
    const twice = session();
    const first = await store.end(twice);
    const many: Session[] = [];
    while (many.length < endsPage)
      many.push(
        ...(await Promise.all(
          Array.from({ length: 100 }, async () => {
            const { visitor } = session();
            return { visitor, generation: await store.end({ visitor, generation: 0 }) };
          }),
        )),
      );
    const last = await store.end({ ...twice, generation: first });
    const page = await store.ends.after(0);
    expect(page).toEqual(many.sort((a, b) => a.generation - b.generation));
    expect(await store.ends.after(page.at(-1)?.generation ?? 0)).toEqual([{ ...twice, generation: last }]);
    expect(await store.ends.after(last)).toEqual([]);
  });

  test(`[ID-1] ${name}: the end of a token is forgotten once no token can be older`, async () => {
    const { store, pass } = await make();
    await store.end({ visitor: "early", generation: 0 });
    await pass(endKeptMs / 2);
    await store.end({ visitor: "later", generation: 0 });
    await pass(endKeptMs / 2 + 1);
    await store.end({ visitor: "now", generation: 0 });
    expect((await store.ends.after(0)).map(({ visitor }) => visitor)).toEqual(["later", "now"]);
  });
}

const digest = () => freshId("digest");
const minuteMs = 60_000;

/** The promises of every store about transfer codes. */
export function codeContract(name: string, make: AccountsMaker): void {
  test(`[H-3] ${name}: a code gives its maker's identity once, even if twenty devices claim it at once`, async () => {
    const { store } = await make();
    const [asker, code] = [session(), digest()];
    const lapsesAt = await store.codes.keep(code, asker, 10 * minuteMs);
    expect(Math.abs(lapsesAt - Date.now() - 10 * minuteMs)).toBeLessThan(5_000);
    const taken = await Promise.all(Array.from({ length: 20 }, () => store.codes.take(code)));
    expect(taken.filter((one) => one !== undefined)).toEqual([asker]);
    expect(await store.codes.take(digest()), "a code that was never made").toBeUndefined();
  });

  test(`[O-4] [H-3] ${name}: a code keeps the time at which its visitor first came`, async () => {
    const { store } = await make();
    const [asker, code] = [{ ...session(), since: 1_234 }, digest()];
    await store.codes.keep(code, asker, minuteMs);
    expect(await store.codes.holds(code, asker)).toBe(true);
    expect(await store.codes.take(code)).toEqual(asker);
  });

  test(`[H-3] ${name}: a code lapses`, async () => {
    const { store, pass } = await make();
    const [early, late] = [digest(), digest()];
    await store.codes.keep(early, session(), minuteMs);
    await pass(minuteMs / 2);
    await store.codes.keep(late, session(), minuteMs);
    await pass(minuteMs / 2 + 1);
    expect(await store.codes.take(early)).toBeUndefined();
    expect(await store.codes.take(late)).toBeDefined();
  });

  test(`[H-3] ${name}: only a code's maker learns whether it can still be claimed`, async () => {
    const { store, pass } = await make();
    const [asker, code, lapsing] = [session(), digest(), digest()];
    await store.codes.keep(code, asker, 10 * minuteMs);
    await store.codes.keep(lapsing, asker, minuteMs);
    const held = () => Promise.all([code, lapsing].map((each) => store.codes.holds(each, asker)));
    expect(await held()).toEqual([true, true]);
    expect(await store.codes.holds(code, session())).toBe(false);
    expect(await store.codes.holds(code, { ...asker, generation: 1 })).toBe(false);
    expect(await store.codes.holds(digest(), asker)).toBe(false);
    await pass(minuteMs);
    expect(await held()).toEqual([true, false]);
    await store.codes.take(code);
    expect(await held()).toEqual([false, false]);
  });

  test(`[ID-1] [H-3] ${name}: an ended visitor gets no code, and its earlier codes are void`, async () => {
    const { store } = await make();
    const [asker, code] = [session(), digest()];
    await store.codes.keep(code, asker, minuteMs);
    const generation = await store.end(asker);
    expect(await store.codes.take(code)).toBeUndefined();
    await expect(store.codes.keep(code, asker, minuteMs)).rejects.toEqual(invalidToken);
    const again = { ...asker, generation };
    await store.codes.keep(code, again, minuteMs);
    expect(await store.codes.take(code)).toEqual(again);
  });
}

/** The wait that the store asks for; 0 when the quota was spent. */
const waitOf = (quotas: QuotaStore, spent: AccountQuota[]): Promise<number> =>
  quotas.spend(spent).then(
    () => 0,
    (error: ChatError) => (error.code === "rate_limited" ? (error.retryAfterMs ?? 0) : Promise.reject(error)),
  );

/** The promises of every store about quotas. */
export function quotaContract(name: string, make: AccountsMaker): void {
  test(`[H-5] ${name}: of forty tries at once, as many succeed as the quota allows, and as many again after its window`, async () => {
    const { quotas, pass } = await make();
    const quota = { key: digest(), limit: 5, windowMs: minuteMs };
    for (let round = 0; round < 2; round += 1) {
      const waits = await Promise.all(Array.from({ length: 40 }, () => waitOf(quotas, [quota])));
      expect(waits.filter((wait) => wait === 0)).toHaveLength(5);
      await pass(minuteMs / 2);
      const wait = await waitOf(quotas, [quota]);
      expect(wait).toBeGreaterThan(0);
      expect(wait).toBeLessThanOrEqual(minuteMs / 2);
      await pass(minuteMs / 2 + 1);
    }
  });

  test(`[H-5] ${name}: several quotas are spent together or not at all, and the longest wait is returned`, async () => {
    const { quotas } = await make();
    const wide = { key: digest(), limit: 2, windowMs: 10 * minuteMs };
    const narrow = { key: digest(), limit: 1, windowMs: minuteMs };
    expect(await waitOf(quotas, [wide, narrow])).toBe(0);
    const wait = await waitOf(quotas, [wide, narrow]);
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(minuteMs);
    expect(await waitOf(quotas, [wide]), "the refusal spent none").toBe(0);
    expect(await waitOf(quotas, [narrow, wide])).toBeGreaterThan(minuteMs);
    expect(await waitOf(quotas, [])).toBe(0);
  });
}
