import { expect, test } from "../support/fixtures";

const messageCount = 6_000;
const killCount = 10;

test("[F-1] [C-1] every feed has all of 6,000 messages although Redis dropped every subscriber 10 times meanwhile", async ({
  ownRedis,
  startReplicas,
  connect,
}) => {
  test.setTimeout(180_000);
  const replicas = await startReplicas(3, { REDIS_URL: ownRedis.url, RATE_LIMITS: "off" });
  const writers = await Promise.all(replicas.map(({ url }) => connect({ url })));
  const readers = await Promise.all(replicas.flatMap(({ url }) => [connect({ url }), connect({ url })]));
  const visitors = [...writers, ...readers];
  await Promise.all(visitors.map((visitor) => visitor.join("lobby")));

  const kills: Promise<unknown>[] = [];
  let begun = 0;
  const write = async (writer: (typeof writers)[number]) => {
    while (begun < messageCount) {
      begun += 1;
      if (begun % (messageCount / killCount) === messageCount / killCount / 2)
        kills.push(ownRedis.client.call("CLIENT", "KILL", "TYPE", "pubsub"));
      await writer.say("lobby", `message ${begun}`);
    }
  };
  // Several at once from each writer: more than one message is published while no replica listens.
  await Promise.all([...writers, ...writers, ...writers].map(write));

  const killed = (await Promise.all(kills)).map(Number);
  expect(killed, "each time there was a subscriber to drop").toHaveLength(killCount);
  for (const count of killed) expect(count).toBeGreaterThan(0);
  const said = Array.from({ length: messageCount }, (_, index) => `message ${index + 1}`).sort();
  for (const visitor of visitors) {
    const log = visitor.log("lobby");
    await visitor.waitFor("all of them", () => log.messages.length >= messageCount);
    expect(log.faults).toEqual([]);
    expect(log.gaps).toEqual([]);
    expect([...log.texts].sort()).toEqual(said);
    expect(log.entries.map(({ kind }) => kind)).not.toContain("leave");
  }
  const [order] = visitors.map((visitor) => visitor.log("lobby").texts);
  for (const visitor of visitors) expect(visitor.log("lobby").texts).toEqual(order);
});
