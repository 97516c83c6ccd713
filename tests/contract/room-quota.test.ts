import { ChatError } from "../../server/errors";
import { home } from "../support/no-budget";
import { until } from "../support/until";
import { freshId } from "./observed-room";
import { expire, outcome, withCreate } from "./room-making";
import { clientOf, creationOf, expect, kinds, type Store, test } from "./stores";

const quota = { open: 10, made: 5, windowMs: 3_600_000, confirmedAfterMs: 10_000 };
/** A quota that checks at once whether the rooms in the way still exist. */
const settled = { ...quota, confirmedAfterMs: 0 };
const manyMade = { ...quota, made: 1_000 };

const make = (store: Store, over = quota, id = freshId("room"), owner = "me") =>
  creationOf(store, over).make({ id, title: "Tea", kind: "public", owner }, home);

const count = (outcomes: string[], which: string) => outcomes.filter((each) => each === which).length;

for (const kind of kinds) {
  test.describe(`${kind}: how many rooms a visitor may make`, () => {
    test("[C-9] when twelve rooms are made at once on two replicas, one becomes the tenth, and the others are refused with a wait", async ({
      openStores,
    }) => {
      const stores = await openStores(kind);
      for (let number = 0; number < 9; number += 1) await make(stores[number % 2 ? 0 : 1], manyMade);
      const ids = Array.from({ length: 12 }, () => freshId("tenth"));
      const makings = ids.map((id, index) => make(stores[index % 2 ? 0 : 1], manyMade, id));
      const outcomes = await Promise.all(makings.map(outcome));
      expect([count(outcomes, "made"), count(outcomes, "rate_limited")]).toEqual([1, 11]);
      const looks = await stores[0].broker.rooms.summaries(ids);
      expect(looks.filter((look) => look !== undefined)).toHaveLength(1);
      expect(await outcome(make(stores[0], manyMade, freshId("room"), "another"))).toBe("made");
      const refusal = await make(stores[1], manyMade).catch((error: ChatError) => error.toWire());
      expect(refusal).toMatchObject({ code: "rate_limited", retryable: true, retryAfterMs: 60_000 });
    });

    test("[C-9] when twelve rooms are made at once on two replicas, five are made within an hour", async ({
      openStores,
    }) => {
      const stores = await openStores(kind);
      const makings = Array.from({ length: 12 }, (_, index) => make(stores[index % 2 ? 0 : 1]));
      expect(count(await Promise.all(makings.map(outcome)), "made")).toBe(5);
    });

    test("[C-9] a room refused as room_exists does not count", async ({ openStores }) => {
      const stores = await openStores(kind);
      const small = { ...quota, open: 3, made: 3 };
      await make(stores[0], small, "mine");
      await make(stores[0], small, "theirs", "another");
      for (let number = 0; number < 8; number += 1)
        for (const id of ["mine", "theirs"])
          expect(await outcome(make(stores[number % 2 ? 0 : 1], small, id))).toBe("room_exists");
      const makings = Array.from({ length: 4 }, () => outcome(make(stores[1], small)));
      expect(count(await Promise.all(makings), "made")).toBe(2);
    });

    test("[C-9] a room that its owner makes twice at once takes one place, and counts", async ({
      openStores,
    }) => {
      const stores = await openStores(kind);
      const small = { ...quota, made: 2 };
      const twice = await Promise.all(stores.map((store) => outcome(make(store, small, "tea"))));
      expect(twice.sort()).toEqual(["made", "room_exists"]);
      expect(await outcome(make(stores[0], small))).toBe("made");
      expect(await outcome(make(stores[0], small))).toBe("rate_limited");
    });

    test("[C-9] making one's own old room again does not count within the hour", async ({ openStores }) => {
      const [store] = await openStores(kind);
      const small = { ...quota, made: 1 };
      const { createdAt } = await make(store, small, "mine");
      await store.roomIndex.slots.giveBack("me", { open: [], made: ["mine"] });
      const brief = { ...small, windowMs: 1 };
      await until("a moment later", async () => (await store.roomIndex.titles.oldest(1)).now > createdAt + 1);
      expect(await outcome(make(store, brief, "mine"))).toBe("room_exists");
      expect(await outcome(make(store, small))).toBe("made");
    });

    test("[C-9] if making a room is cut off before the room exists, its place is freed when it is needed", async ({
      openStores,
    }) => {
      const stores = await openStores(kind);
      const cutOff = withCreate(stores[0], async () => {
        throw new ChatError("unavailable");
      });
      for (let number = 0; number < 5; number += 1)
        expect(await outcome(make(cutOff, settled))).toBe("unavailable");
      const makings = [];
      for (let number = 0; number < 6; number += 1) makings.push(await outcome(make(stores[1], settled)));
      expect(makings).toEqual([...Array(5).fill("made"), "rate_limited"]);
    });

    test("[C-9] if making a room is cut off after the room exists, it counts", async ({ openStores }) => {
      const stores = await openStores(kind);
      const cutOff = withCreate(stores[0], async (room) => {
        await stores[0].broker.rooms.create(room);
        throw new ChatError("unavailable");
      });
      for (let number = 0; number < 5; number += 1)
        expect(await outcome(make(cutOff, settled))).toBe("unavailable");
      expect(await outcome(make(stores[1], settled))).toBe("rate_limited");
    });

    test("[C-9] a room in the making keeps its place", async ({ openStores }) => {
      const stores = await openStores(kind);
      const small = { ...quota, open: 1 };
      let goOn = () => {};
      const gate = new Promise<void>((resolve) => {
        goOn = resolve;
      });
      let making: Promise<string> | undefined;
      await new Promise<void>((hasItsPlace) => {
        const slow = withCreate(stores[0], async (room) => {
          hasItsPlace();
          await gate;
          return stores[0].broker.rooms.create(room);
        });
        making = outcome(make(slow, small));
      });
      expect(await outcome(make(stores[1], small))).toBe("rate_limited");
      goOn();
      expect(await making).toBe("made");
      expect(await outcome(make(stores[1], small))).toBe("rate_limited");
    });

    test("[C-9] a room that a full store refuses does not count", async ({ openStores }) => {
      const [store] = await openStores(kind);
      const small = { ...quota, made: 1 };
      const full = withCreate(store, async () => {
        throw new ChatError("storage_full");
      });
      expect(await outcome(make(full, small))).toBe("storage_full");
      expect(await outcome(make(store, small))).toBe("made");
    });

    test("[C-9] expired and closed rooms give their places back, but still count as made within the hour", async ({
      openStores,
      redis,
      prefix,
    }) => {
      const stores = await openStores(kind);
      const small = { ...settled, made: 1_000, open: 2 };
      await make(stores[0], small, "first");
      await make(stores[0], small, "second");
      expect(await outcome(make(stores[1], small))).toBe("rate_limited");
      await expire(stores[0], "first", await clientOf(kind, redis), prefix);
      expect(await outcome(make(stores[1], small))).toBe("made");
      expect(await outcome(make(stores[1], small))).toBe("rate_limited");
      await stores[0].roomIndex.closed({ id: "second", owner: "me" });
      expect(await outcome(make(stores[1], small))).toBe("made");
      expect(await outcome(make(stores[1], { ...small, open: 5, made: 3 }))).toBe("rate_limited");
    });

    test("[C-9] without a quota no room is counted", async ({ openStores }) => {
      const [store] = await openStores(kind);
      const makings = Array.from({ length: 30 }, () =>
        creationOf(store).make({ id: freshId("room"), title: "Tea", kind: "public", owner: "me" }, home),
      );
      expect(count(await Promise.all(makings.map(outcome)), "made")).toBe(30);
      expect(await outcome(make(store))).toBe("made");
    });
  });
}
