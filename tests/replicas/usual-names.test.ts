import { expect, test } from "../support/fixtures";
import { meet } from "../support/partners";

test("[DM-2] a visitor whose usual name has become a reserved word enters a conversation under another name", async ({
  redis,
  shared,
  startReplica,
  connect,
}) => {
  const replica = await startReplica({ RATE_LIMITS: "off" });
  const { ann, ben } = await meet(connect, [replica, replica]);
  const kept = `${shared.REDIS_PREFIX}{lobby}:kept-name:${ann.id}`;
  const line = JSON.stringify({ id: ann.id, name: "Support" });
  await redis.client.set(kept, `support\n${line}`, "KEEPTTL");
  const { room } = await ann.must("direct:open", { with: ben.id });
  const { self } = await ann.join(room.id);
  expect(self.name).not.toBe("Support");
  await ann.say(room.id, "hello");
});
