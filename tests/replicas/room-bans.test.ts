import { expect, test } from "../support/fixtures";
import { claimOwner, ownedSite } from "../support/owner";
import type { Replica } from "../support/replica";
import type { WireVisitor } from "../support/wire-visitor";

const longMs = 600_000;
const soonMs = 1_000;
const alone = { REDIS_URL: undefined, REDIS_PREFIX: undefined };

/** Tries to join over its present connection until that succeeds, then speaks. */
async function comesBack(visitor: WireVisitor): Promise<void> {
  await expect(async () => void (await visitor.join("lobby"))).toPass({ intervals: [100], timeout: 20_000 });
  await visitor.say("lobby", "back");
}

test("[O-4] a ban that is lifted before the visitor’s replica learns of it takes the visitor out of no room", async ({
  startReplicas,
  connect,
}) => {
  const [one, other] = (await startReplicas(2, ownedSite)) as [Replica, Replica];
  const owner = await claimOwner(await connect({ url: one.url }));
  const visitor = await connect({ url: other.url });
  await visitor.join("lobby");
  other.pause();
  const { id } = await owner.must("sanction:set", { visitor: visitor.id, kind: "ban" });
  await owner.must("sanction:lift", { id });
  other.resume();
  expect(await visitor.event("room:banned")).toEqual({ room: "lobby" });
  await visitor.join("lobby");
  await visitor.say("lobby", "still here");
});

for (const kind of ["redis", "memory"])
  test(`[O-4] ${kind}: the visitor learns how long a ban from one room lasts, and can join again over its open connection after the end or the undo`, async ({
    startReplicas,
    connect,
  }) => {
    const settings = { ...ownedSite, ...(kind === "memory" && alone) };
    const replicas = await startReplicas(kind === "memory" ? 1 : 2, settings);
    const urls = replicas.map(({ url }) => url);
    const owner = await claimOwner(await connect({ url: urls[0] ?? "" }));
    // One visitor is on the replica that writes the ban, one on a replica that hears of it.
    for (const url of urls) {
      const visitor = await connect({ url });
      await visitor.join("lobby");
      const ban = (forMs: number) =>
        owner.must("sanction:set", { visitor: visitor.id, kind: "ban", room: "lobby", forMs });

      const { id } = await ban(longMs);
      const told = await visitor.event("room:banned");
      expect(told).toEqual({ room: "lobby", retryAfterMs: expect.any(Number) });
      const refused = await visitor.ask("room:join", { room: "lobby" });
      expect(refused).toMatchObject({ error: { code: "banned", retryAfterMs: expect.any(Number) } });
      await owner.must("sanction:lift", { id });
      await comesBack(visitor);

      await ban(soonMs);
      const second = await visitor.waitFor("the second ban", () => {
        const bodies = visitor.events.flatMap(({ name, body }) => (name === "room:banned" ? [body] : []));
        return bodies[1] as typeof told | undefined;
      });
      // A replica that hears of the ban after its end names no time.
      expect(second.retryAfterMs ?? 0).toBeLessThanOrEqual(soonMs);
      await comesBack(visitor);
    }
  });
