import { expect, test } from "../support/fixtures";
import { claimOwner, ownedSite } from "../support/owner";
import type { Replica } from "../support/replica";
import type { WireVisitor } from "../support/wire-visitor";

const longMs = 600_000;
const soonMs = 1_000;
const alone = { REDIS_URL: undefined, REDIS_PREFIX: undefined };

/** Joins over the connection that it has, as often as it takes. */
async function comesBack(visitor: WireVisitor): Promise<void> {
  await expect(async () => void (await visitor.join("lobby"))).toPass({ intervals: [100], timeout: 20_000 });
  await visitor.say("lobby", "back");
}

test("[O-4] a ban that is taken back before the visitor’s replica knew of it leaves it outside of no room", async ({
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
  test(`[O-4] ${kind}: a ban from one room is told with its end, and an open connection comes back after its end and its undo`, async ({
    startReplicas,
    connect,
  }) => {
    const settings = { ...ownedSite, ...(kind === "memory" && alone) };
    const replicas = await startReplicas(kind === "memory" ? 1 : 2, settings);
    const urls = replicas.map(({ url }) => url);
    const owner = await claimOwner(await connect({ url: urls[0] ?? "" }));
    // One on the replica that writes the ban, and one that hears of it.
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
      await visitor.event("room:banned", ({ retryAfterMs = longMs }) => retryAfterMs <= soonMs);
      await comesBack(visitor);
    }
  });
