import { systemClock } from "../../server/lib/clock";
import { RoomCreation } from "../../server/rooms/creation";
import { RoomQuota } from "../../server/rooms/quota";
import { RoomTitles } from "../../server/rooms/titles";
import { home, noBudget } from "../support/no-budget";
import { until } from "../support/until";
import { enter, freshId } from "./observed-room";
import { expire, outcome, withCreate } from "./room-making";
import { clientOf, expect, kinds, type Store, test } from "./stores";

const posts = new Map([["post-hello", "Hello, courtyard"]]);

/** Claims are settled at once unless a test says otherwise. */
function creationOf(store: Store, confirmedAfterMs = 0): RoomCreation {
  const places = new RoomQuota({ ...store, limits: undefined, clock: systemClock });
  const titles = new RoomTitles({ ...store, posts: [...posts.values(), "안녕, 마당"], confirmedAfterMs });
  return new RoomCreation({ ...store, posts, quota: places, titles, networks: noBudget });
}

const make = (store: Store, title: string, { id = freshId("room"), confirmedAfterMs = 0 } = {}) =>
  creationOf(store, confirmedAfterMs).make({ id, title, kind: "public", owner: "me" }, home);

const claimed = async ({ roomIndex }: Store) =>
  (await roomIndex.titles.oldest(100)).claims.map(({ skeleton }) => skeleton).sort();

for (const kind of kinds) {
  test.describe(`${kind}: titles of rooms`, () => {
    test("[C-6] when twelve rooms with one title are made at once on two replicas, one is made", async ({
      openStores,
    }) => {
      const stores = await openStores(kind);
      const spellings = ["Tea time", "TEA TIME", "Tea  time.", "Теа time"];
      const makings = Array.from({ length: 12 }, (_, index) =>
        make(stores[index % 2 ? 0 : 1], spellings[index % 4] ?? "", { confirmedAfterMs: 10_000 }),
      );
      const outcomes = await Promise.all(makings.map(outcome));
      expect(outcomes.sort()).toEqual(["made", ...Array<string>(11).fill("name_taken")].sort());
      expect(await outcome(make(stores[0], "Tea party"))).toBe("made");
      expect(await outcome(make(stores[1], "tea time"))).toBe("name_taken");
    });

    test("[C-6] the lobby's title and those of posts are taken, in every language", async ({
      openStores,
    }) => {
      const [store] = await openStores(kind);
      for (const title of ["Lobby", "lobby", "로비", "ロビー", "Lоbby", "hello, courtyard", "안녕, 마당."])
        expect(await outcome(make(store, title)), title).toBe("name_taken");
    });

    test("[C-6] a post's room is made even if a visitor's room has its title", async ({ openStores }) => {
      const [store, other] = await openStores(kind);
      await store.broker.rooms.create({ id: "mine", title: "Hello, courtyard", kind: "public", owner: "me" });
      expect(await creationOf(other).makeForPost("post-hello")).toBe(true);
      const [post] = await store.broker.rooms.summaries(["post-hello"]);
      expect(post?.title).toBe("Hello, courtyard");
    });

    test("[C-6] a closed room's title is free at once, even on the other replica", async ({ openStores }) => {
      const [one, other] = await openStores(kind);
      const { id } = await make(one, "Tea", { confirmedAfterMs: 10_000 });
      expect(await outcome(make(other, "Tea", { confirmedAfterMs: 10_000 }))).toBe("name_taken");
      await enter(one.broker, id, "me", `${id}-me`);
      await one.broker.rooms.close(id, `${id}-me`);
      await creationOf(one).closed({ id, owner: "me" });
      expect(await outcome(make(other, "tea", { confirmedAfterMs: 10_000 }))).toBe("made");
    });

    test("[C-6] a title is free even if the replica that closed its room died before it reported that", async ({
      openStores,
    }) => {
      const [one, other] = await openStores(kind);
      // That replica tidies up by itself, unawaited, and leaves so young a claim alone.
      const { id } = await make(one, "Tea", { confirmedAfterMs: 10_000 });
      await enter(one.broker, id, "me", `${id}-me`);
      await one.broker.rooms.close(id, `${id}-me`);
      expect(await outcome(make(other, "tea"))).toBe("made");
    });

    test("[C-6] an expired room's title is free, and an unused one is forgotten", async ({
      openStores,
      redis,
      prefix,
    }) => {
      const [one, other] = await openStores(kind);
      const [tea, milk] = [await make(one, "Tea"), await make(one, "Milk")];
      for (const { id } of [tea, milk]) await expire(one, id, await clientOf(kind, redis), prefix);
      expect(await outcome(make(other, "Tea"))).toBe("made");
      await make(one, "Coffee");
      await until("the clearing", async () => !(await claimed(one)).includes("rnllk"));
      expect(await claimed(one)).toEqual(["coffee", "tea"]);
    });

    test("[W-6] a taken id is reported before a taken title, and uses up no title", async ({
      openStores,
    }) => {
      const [one, other] = await openStores(kind);
      await make(one, "Tea", { id: "tea" });
      await make(one, "Coffee", { id: "coffee" });
      for (const title of ["Tea", "Coffee", "Lobby", "Milk"])
        expect(await outcome(make(other, title, { id: "tea" })), title).toBe("room_exists");
      expect(await claimed(one)).toEqual(["coffee", "tea"]);
      expect(await outcome(make(other, "Milk"))).toBe("made");
      expect(await outcome(make(other, "Tea"))).toBe("name_taken");
    });

    test("[C-6] a room that could not be made leaves its title free; if the outcome is unknown, only once that is settled", async ({
      openStores,
    }) => {
      const [one, other] = await openStores(kind);
      const failing = (error: string) =>
        withCreate(one, () => Promise.reject(Object.assign(new Error(error), { code: error })));
      expect(await outcome(make(failing("storage_full"), "Tea"))).toBe("storage_full");
      expect(await outcome(make(other, "Tea", { confirmedAfterMs: 10_000 }))).toBe("made");
      const { ChatError } = await import("../../server/errors");
      const unknown = withCreate(one, () => Promise.reject(new ChatError("unavailable")));
      expect(await outcome(make(unknown, "Milk"))).toBe("unavailable");
      expect(await outcome(make(other, "Milk", { confirmedAfterMs: 10_000 }))).toBe("name_taken");
      expect(await outcome(make(other, "Milk"))).toBe("made");
    });
  });
}
