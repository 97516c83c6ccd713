import { expect, test } from "../support/fixtures";
import { insist } from "../support/insist";
import { downAfter, WatchedRedis } from "../support/sentinels";
import { until } from "../support/until";
import type { WireVisitor } from "../support/wire-visitor";

/** The Sentinels see a dead primary within a second, and elect its successor in another; a busy machine takes longer. */
const failoverMs = 30_000;

test("[C-3] [F-0] when a primary is killed during talk, every replica declares the entries that its successor lacks as rewound, and talk continues", async ({
  startReplicas,
  connect,
}) => {
  // No primary is replaced before the kill, however busy the machine is.
  const redis = await WatchedRedis.start(undefined, downAfter.lateMs);
  try {
    const replicas = await startReplicas(2, { ...redis.settings, RATE_LIMITS: "off" });
    const visitors = (await Promise.all(replicas.map(({ url }) => connect({ url, reconnection: true })))) as [
      WireVisitor,
      WireVisitor,
    ];
    const [one, other] = visitors;
    for (const visitor of visitors) await visitor.join("lobby");
    await one.say("lobby", "kept");
    await until("the copy", async () => {
      const [here, there] = await Promise.all(
        [redis.first, redis.second].map(({ client }) => client.dbsize()),
      );
      return here === there && (await redis.first.client.call("WAIT", "1", "1000")) === 1;
    });
    const { epoch } = one.log("lobby").cursor;

    await redis.part();
    for (const text of ["lost 1", "lost 2", "lost 3"]) await one.say("lobby", text);
    await other.waitFor("them all", () => other.log("lobby").texts.includes("lost 3"));
    await redis.failAfter(downAfter.soonMs);
    await redis.first.kill();
    await Promise.all([insist(one, "lobby", "after by one"), insist(other, "lobby", "after by other")]);

    for (const visitor of visitors) {
      const log = visitor.log("lobby");
      const after = ["after by one", "after by other"];
      await visitor.waitFor("both", () => after.every((text) => log.texts.includes(text)), failoverMs);
      expect(log.texts.slice(0, 1)).toEqual(["kept"]);
      expect(log.texts.slice(1).sort()).toEqual(after);
      expect(log.gaps.map(({ reason }) => reason)).toEqual(["rewound"]);
      expect(log.faults).toEqual([]);
      expect(log.cursor.epoch).not.toBe(epoch);
      expect(log.entries.map(({ kind }) => kind)).not.toContain("leave");
      expect(visitor.socket.connected).toBe(true);
    }
    for (const replica of replicas)
      await expect.poll(() => replica.metric('madang_store_rewound_total{cause="older"}')).toBe(1);
  } finally {
    await redis.stop();
  }
});
