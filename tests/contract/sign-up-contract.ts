import type { Account } from "../../server/accounts/account-text";
import { expect, test } from "../support/fixtures";
import { type AccountsMaker, codeOf, session } from "./account-contract";
import { freshId } from "./observed-room";

const account = (handle = freshId("handle")): Account => ({ handle, password: `$argon2id$of ${handle}` });

/** The promises of every store about accounts (server/accounts/account-store.ts). */
export function signUpContract(name: string, make: AccountsMaker): void {
  test(`[H-4] ${name}: an account is found by its handle's skeleton and by its visitor`, async () => {
    const { store } = await make();
    const [one, other] = [session(), session()];
    const [mine, theirs] = [account(), account()];
    await store.add(one, "skeleton 하나", mine);
    await store.add(other, "another", theirs);
    expect(await store.find("skeleton 하나")).toEqual({ session: one, account: mine });
    expect(await store.find("another")).toEqual({ session: other, account: theirs });
    expect([await store.read(one), await store.read(session())]).toEqual([mine, undefined]);
    expect([await store.find("nobody"), await store.find("")]).toEqual([undefined, undefined]);
  });

  test(`[O-4] [H-6] ${name}: an account keeps the time at which its visitor first came, even after a change of password`, async () => {
    const { store } = await make();
    const [asker, mine] = [{ ...session(), since: 1_234 }, account()];
    await store.add(asker, "mine", mine);
    expect(await store.find("mine")).toEqual({ session: asker, account: mine });
    const changed = { was: mine, password: "another hash", ending: false };
    await store.setPassword(asker, changed);
    expect((await store.find("mine"))?.session).toEqual(asker);
  });

  test(`[H-4] ${name}: when twenty visitors sign up at once with one handle, one gets it, and the others get no account`, async () => {
    const { store } = await make();
    const askers = Array.from({ length: 20 }, () => session());
    const outcomes = await Promise.all(askers.map((asker) => codeOf(store.add(asker, "wanted", account()))));
    expect(outcomes.sort()).toEqual(["done", ...Array<string>(19).fill("name_taken")]);
    const owner = (await store.find("wanted"))?.session.visitor;
    for (const asker of askers)
      expect(await store.read(asker)).toEqual(asker.visitor === owner ? expect.anything() : undefined);
  });

  test(`[H-4] ${name}: when one visitor signs up ten times at once, one succeeds, and the others take no handle`, async () => {
    const { store } = await make();
    const asker = session();
    const handles = Array.from({ length: 10 }, () => freshId("handle"));
    const outcomes = await Promise.all(
      handles.map((handle) => codeOf(store.add(asker, handle, account(handle)))),
    );
    expect(outcomes.sort()).toEqual(["done", ...Array<string>(9).fill("forbidden")]);
    const found = await Promise.all(handles.map((handle) => store.find(handle)));
    expect(found.filter((one) => one !== undefined)).toHaveLength(1);
  });

  test(`[H-4] ${name}: deleting an account frees its handle and ends its visitor's tokens`, async () => {
    const { store } = await make();
    const asker = session();
    expect(await codeOf(store.remove(asker))).toBe("forbidden");
    await store.add(asker, "mine", account());
    const generation = await store.remove(asker);
    expect(await store.ends.generationOf(asker.visitor)).toBe(generation);
    expect(await store.ends.after(0)).toEqual([{ ...asker, generation }]);
    expect(await store.find("mine")).toBeUndefined();
    expect(await codeOf(store.remove({ ...asker, generation }))).toBe("forbidden");
    expect(await codeOf(store.add(session(), "mine", account()))).toBe("done");
  });

  test(`[ID-5] ${name}: forgetting removes a visitor's account and tokens in one step, and works without an account`, async () => {
    const { store } = await make();
    const [member, stranger] = [
      { visitor: freshId("visitor"), generation: 0 },
      { visitor: freshId("visitor"), generation: 0 },
    ];
    const skeleton = freshId("handle");
    await store.add(member, skeleton, { handle: "mine", password: "hash" });
    expect([await store.hasAccount(member.visitor), await store.hasAccount(stranger.visitor)]).toEqual([
      true,
      false,
    ]);
    for (const session of [member, stranger]) {
      const generation = await store.forget(session);
      expect(await store.ends.generationOf(session.visitor)).toBe(generation);
      expect(await codeOf(store.forget(session)), "ended").toBe("invalid_token");
      expect(await store.hasAccount(session.visitor)).toBe(false);
    }
    expect(await store.find(skeleton)).toBeUndefined();
  });

  test(`[ID-1] [H-4] ${name}: a visitor with an ended token can neither sign up, read nor delete; its account stays, in the new generation`, async () => {
    const { store } = await make();
    const [asker, mine] = [session(), account()];
    await store.add(asker, "mine", mine);
    const generation = await store.end(asker);
    const attempts = [
      () => store.add(asker, "x", account()),
      () => store.read(asker),
      () => store.remove(asker),
    ];
    for (const attempt of attempts) expect(await codeOf(attempt())).toBe("invalid_token");
    expect(await store.find("mine")).toEqual({ session: { ...asker, generation }, account: mine });
  });
}
