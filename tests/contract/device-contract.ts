import type { Account } from "../../server/accounts/account-text";
import { maxDevices } from "../../server/accounts/device-store";
import { expect, test } from "../support/fixtures";
import { type AccountsMaker, codeOf } from "./account-contract";
import { freshId } from "./observed-room";

const visitor = () => ({ visitor: freshId("visitor"), generation: 0 });
const account: Account = { handle: "mine", password: "$argon2id$old" };
const seen = { name: "Firefox, Windows", isProven: false };

/** The promises of every store about an account's devices and its password (server/accounts/account-store.ts). */
export function deviceContract(name: string, make: AccountsMaker): void {
  test(`[H-6] ${name}: devices are listed for a visitor with an account, each with its last known state`, async () => {
    const { store } = await make();
    const asker = visitor();
    const [phone, desk] = [
      { ...asker, device: "phone" },
      { ...asker, device: "desk-1_x" },
    ];
    expect(await store.devices.note(phone, seen), "no account yet").toBe(false);
    expect(await store.devices.list(asker)).toEqual([]);
    await store.add(asker, freshId("handle"), account);
    expect(await store.devices.note(asker, seen), "no device").toBe(false);
    expect(await store.devices.note(phone, { ...seen, isProven: true })).toBe(true);
    expect(await store.devices.note(phone, { name: "", isProven: false })).toBe(true);
    expect(await store.devices.note(desk, { name: "", isProven: false })).toBe(true);
    const found = (await store.devices.list(asker)).sort((a, b) => (a.id < b.id ? -1 : 1));
    expect(found).toMatchObject([
      { id: "desk-1_x", provenAt: 0, name: "" },
      { id: "phone", name: "Firefox, Windows" },
    ]);
    const [, mine] = found;
    expect(Math.abs((mine?.provenAt ?? 0) - Date.now())).toBeLessThan(5_000);
    expect(mine?.since).toBeLessThanOrEqual(mine?.seenAt ?? 0);
    expect(await store.devices.list(visitor()), "of another visitor").toEqual([]);
  });

  test(`[H-6] ${name}: an ended device is reported and no longer listed, and its visitor's other devices stay`, async () => {
    const { store } = await make();
    const asker = visitor();
    await store.add(asker, freshId("handle"), account);
    for (const device of ["phone", "desk"]) await store.devices.note({ ...asker, device }, seen);
    const generation = await store.devices.end(asker, "phone");
    expect(await store.ends.after(0)).toEqual([{ ...asker, device: "phone", generation }]);
    expect(await store.ends.generationOf(asker.visitor, "phone")).toBe(generation);
    expect(await store.ends.generationOf(asker.visitor, "desk")).toBe(0);
    expect(await store.ends.generationOf(asker.visitor)).toBe(0);
    expect((await store.devices.list(asker)).map(({ id }) => id)).toEqual(["desk"]);
    expect(await store.end(asker), "the end raises the generation").toBeGreaterThan(generation);
  });

  test(`[H-6] ${name}: ending a visitor's tokens, deleting its account and forgetting it remove the list of devices`, async () => {
    const { store } = await make();
    for (const step of ["end", "remove", "forget"] as const) {
      const asker = visitor();
      await store.add(asker, freshId("handle"), account);
      await store.devices.note({ ...asker, device: "phone" }, seen);
      const generation = await store[step](asker);
      expect(await store.devices.list({ ...asker, generation }), step).toEqual([]);
      expect(await codeOf(store.devices.list(asker)), step).toBe("invalid_token");
      expect(await codeOf(store.devices.note({ ...asker, device: "phone" }, seen)), step).toBe(
        "invalid_token",
      );
      expect(await codeOf(store.devices.end(asker, "phone")), step).toBe("invalid_token");
    }
  });

  test(`[H-6] ${name}: when there are too many devices, those seen longest ago are no longer listed`, async () => {
    const { store, pass } = await make();
    const asker = visitor();
    await store.add(asker, freshId("handle"), account);
    await store.devices.note({ ...asker, device: "first" }, seen);
    await pass(10);
    const noted = Date.now();
    while (Date.now() <= noted) await store.ends.generationOf(asker.visitor);
    for (let index = 0; index < maxDevices; index += 1)
      await store.devices.note({ ...asker, device: `d${index}` }, seen);
    const ids = (await store.devices.list(asker)).map(({ id }) => id);
    expect(ids).toHaveLength(maxDevices);
    expect(ids).not.toContain("first");
  });

  test(`[H-6] ${name}: a visitor that knows the old password can change it, once, and end its tokens with it`, async () => {
    const { store } = await make();
    const asker = visitor();
    await store.add(asker, freshId("handle"), account);
    await store.devices.note({ ...asker, device: "phone" }, seen);
    const change = (password: string, ending: boolean) =>
      store.setPassword(asker, { was: account, password, ending });
    const outcomes = await Promise.all(
      ["one", "two", "three"].map((password) => codeOf(change(password, false))),
    );
    expect(outcomes.sort()).toEqual(["done", "forbidden", "forbidden"]);
    const now = await store.read(asker);
    expect(now?.handle).toBe("mine");
    expect(["one", "two", "three"]).toContain(now?.password);
    expect((await store.devices.list(asker)).map(({ id }) => id)).toEqual(["phone"]);
    const generation = await store.setPassword(asker, {
      was: now ?? account,
      password: "last",
      ending: true,
    });
    expect(await store.ends.generationOf(asker.visitor)).toBe(generation);
    expect(await codeOf(change("late", true))).toBe("invalid_token");
    expect(await store.read({ ...asker, generation })).toEqual({ handle: "mine", password: "last" });
    expect(await store.devices.list({ ...asker, generation })).toEqual([]);
    expect(await codeOf(store.setPassword(visitor(), { was: account, password: "x", ending: false }))).toBe(
      "forbidden",
    );
  });
}
