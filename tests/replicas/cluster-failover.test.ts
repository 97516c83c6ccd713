import { expect, test } from "../support/fixtures";
import { insist } from "../support/insist";
import { nodeTimeouts, RedisCluster } from "../support/redis-cluster";
import type { Replica } from "../support/replica";
import { until } from "../support/until";
import type { WireVisitor } from "../support/wire-visitor";

/** A replica takes the slots of a dead primary within three seconds; on a busy machine it takes longer. */
const failoverMs = 40_000;
/** Rooms whose keys are on different primaries. */
const rooms = ["lobby", "tea", "milk", "salt"];

test("[C-3] [F-1] [F-0] when a cluster's primary is killed during talk, its replica takes over, and the entries that the replica lacked are declared as rewound", async ({
  startReplicas,
  connect,
}) => {
  test.setTimeout(180_000);
  // No primary is replaced before the kill, however busy the machine is.
  const cluster = await RedisCluster.start({ replicas: 1, nodeTimeoutMs: nodeTimeouts.lateMs });
  try {
    const [prefix, settings] = [
      "madang:",
      { ...cluster.settings, REDIS_PREFIX: undefined, RATE_LIMITS: "off" },
    ];
    const replicas = (await startReplicas(2, settings)) as [Replica, Replica];
    const visitors = (await Promise.all(replicas.map(({ url }) => connect({ url, reconnection: true })))) as [
      WireVisitor,
      WireVisitor,
    ];
    const [one, other] = visitors;
    for (const room of rooms.slice(1)) await one.must("room:create", { room, title: room });
    for (const visitor of visitors) for (const room of rooms) await visitor.join(room);
    const ofRoom = (room: string) => cluster.primaryOf(`${prefix}{${room}}:room`);
    const primaries = await Promise.all(rooms.map(ofRoom));
    expect(new Set(primaries).size, "rooms on several servers").toBeGreaterThan(1);
    for (const room of rooms) {
      await one.say(room, "by one");
      await other.say(room, "by other");
    }
    for (const visitor of visitors)
      for (const room of rooms) await visitor.waitFor("both", () => visitor.log(room).texts.length === 2);

    // On each replica a visitor keeps talking in every room while the primary of the first room dies.
    await cluster.isWhole();
    const killed = await ofRoom("lobby");
    await cluster.part(killed);
    for (const room of rooms) await one.say(room, "before the kill");
    for (const room of rooms)
      await other.waitFor("the last word", () => other.log(room).texts.includes("before the kill"));
    await cluster.failAfter(nodeTimeouts.soonMs);
    await killed.kill();
    await Promise.all(
      visitors.flatMap((visitor, index) => rooms.map((room) => insist(visitor, room, `after ${index}`))),
    );

    for (const visitor of visitors)
      for (const [index, room] of rooms.entries()) {
        const isOnKilled = primaries[index] === killed;
        const log = visitor.log(room);
        const texts = ["by one", "by other", ...(isOnKilled ? [] : ["before the kill"])];
        const after = ["after 0", "after 1"];
        const isAllThere = () => after.every((text) => log.texts.includes(text));
        await visitor.waitFor(`all in ${room}`, isAllThere, failoverMs);
        expect(log.texts.slice(0, texts.length)).toEqual(texts);
        expect(log.texts.slice(texts.length).sort()).toEqual(after);
        expect(
          log.gaps.map(({ reason }) => reason),
          room,
        ).toEqual(isOnKilled ? ["rewound"] : []);
        expect(log.faults).toEqual([]);
        expect(log.entries.map(({ kind }) => kind)).not.toContain("leave");
      }
    for (const replica of replicas)
      await until(
        "the count of the loss",
        async () => (await replica.metric('madang_store_rewound_total{cause="older"}')) >= 1,
      );
    await Promise.all(replicas.map((replica) => replica.answers("/api/socket", 200)));
  } finally {
    await cluster.stop();
  }
});
