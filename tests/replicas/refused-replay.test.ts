import { expect, test } from "../support/fixtures";
import { insist } from "../support/insist";
import { ManifestRedis, withoutReplay } from "../support/manifest-redis";
import type { Replica } from "../support/replica";
import { until } from "../support/until";
import type { WireVisitor } from "../support/wire-visitor";

test("[F-0] [C-6] operators and visitors are told of a Redis restart that drops messages, and the lobby continues", async ({
  startReplica,
  connect,
}) => {
  const redis = await ManifestRedis.start({ accessList: withoutReplay });
  try {
    const settings = { REDIS_URL: redis.url, REDIS_PREFIX: undefined, REPLICAS: "2", RATE_LIMITS: "off" };
    const replicas = (await Promise.all([startReplica(settings), startReplica(settings)])) as [
      Replica,
      Replica,
    ];
    const visitors = await Promise.all(replicas.map(({ url }) => connect({ url })));
    const [one, other] = visitors as [WireVisitor, WireVisitor];
    for (const visitor of visitors) await visitor.join("lobby");
    for (let index = 0; index < 20; index += 1) await one.say("lobby", `${index}`);
    await other.waitFor("all", () => other.log("lobby").texts.length === 20);

    for (let restart = 1; restart <= 2; restart += 1) {
      await redis.restart();
      for (const replica of replicas)
        await until("the metric", async () => {
          const metrics = await (await replica.get("/api/metrics")).text();
          return metrics.includes(`madang_store_rewound_total{cause="refused"} ${restart}\n`);
        });
      await insist(one, "lobby", `after restart ${restart}`);
      for (const visitor of visitors)
        await visitor.waitFor("the talk", () =>
          visitor.log("lobby").texts.includes(`after restart ${restart}`),
        );
    }
    for (const visitor of visitors) {
      expect(visitor.log("lobby").faults).toEqual([]);
      expect(visitor.log("lobby").gaps.length, "visitors are told of the loss").toBeGreaterThan(0);
    }
    for (const replica of replicas)
      await replica.says("Redis refused commands while it replayed its append-only file");
    const newcomer = await connect({ url: replicas[1].url });
    await until("the newcomer's join", () => newcomer.join("lobby"));
    await until("both members again", async () => (await newcomer.join("lobby")).memberCount === 3);
  } finally {
    await redis.stop();
  }
});
