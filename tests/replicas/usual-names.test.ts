import { expect, test } from "../support/fixtures";

test("[DM-2] a visitor whose usual name has become a reserved word enters a conversation under another", async ({
  redis,
  shared,
  startReplica,
  connect,
}) => {
  const replica = await startReplica({ RATE_LIMITS: "off" });
  const ann = await connect({ url: replica.url });
  const ben = await connect({ url: replica.url });
  await redis.client.set(`${shared.REDIS_PREFIX}directory:{${ann.id}}:name`, "Support");
  const { room } = await ann.must("direct:open", { with: ben.id });
  const { self } = await ann.join(room.id);
  expect(self.name).not.toBe("Support");
  await ann.say(room.id, "hello");
});
