import { expect, test } from "../support/fixtures";
import { claimOwner, ownedSite } from "../support/owner";
import type { Replica } from "../support/replica";
import { isSigned, startReceiver } from "../support/webhook-receiver";

const secret = "a secret long enough for a webhook";
const settings = (url: string) => ({ ...ownedSite, OWNER_WEBHOOK: url, OWNER_WEBHOOK_SECRET: secret });

test("[O-14] all replicas together post a report once, signed; after a refusal or a redirect they try again, without a text removed meanwhile", async ({
  startReplicas,
  connect,
}) => {
  const receiver = await startReceiver();
  try {
    const [one, other] = (await startReplicas(2, settings(receiver.url))) as [Replica, Replica];
    const [owner, author, reader] = await Promise.all([
      connect({ url: one.url }),
      connect({ url: other.url }),
      connect({ url: one.url }),
    ]);
    await claimOwner(owner);
    await reader.join("lobby");
    await author.join("lobby");
    const { seq } = await author.say("lobby", "an ugly word");
    receiver.answers.push(
      (response) => response.writeHead(500).end(),
      (response) => response.writeHead(307, { Location: `${receiver.url}/elsewhere` }).end(),
    );
    await reader.must("message:report", { room: "lobby", seq, reason: "abuse" });
    await receiver.count(1);
    await owner.must("message:remove", { room: "lobby", seq });
    await receiver.count(3);
    // A later event through the same queue.
    const later = await author.say("lobby", "another one");
    await reader.must("message:report", { room: "lobby", seq: later.seq });
    await receiver.count(4);
    expect(await (await one.get("/privacy")).text()).toContain("the operator is told of reported messages");

    const { received } = receiver;
    expect(received.map(({ path, body }) => [path, body.event, body.seq])).toEqual([
      ...Array(3).fill(["/hook", "report", seq]),
      ["/hook", "report", later.seq],
    ]);
    expect(received.every((each) => isSigned(each, secret))).toBe(true);
    expect(new Set(received.slice(0, 3).map(({ body }) => body.id)).size).toBe(1);
    expect(received[0]?.body).toMatchObject({
      ...{
        room: "lobby",
        count: 1,
        reason: "abuse",
        message: { by: { id: author.id }, text: "an ugly word" },
      },
    });
    expect(received[2]?.text).not.toContain("an ugly word");
    expect(received.map(({ text }) => text).join()).not.toContain("127.0.0.1");
  } finally {
    await receiver.close();
  }
});

test("[O-14] a receiver that hangs does not delay visitors; only the first message of a lone visitor is posted", async ({
  startReplica,
  connect,
}) => {
  const receiver = await startReceiver();
  try {
    const { url } = await startReplica(settings(receiver.url));
    const [alone, companion] = [await connect({ url }), await connect({ url })];
    await alone.must("room:create", { room: "cellar", title: "The cellar" });
    await alone.join("cellar");
    // The receiver never answers: after the time-out the replica tries again.
    receiver.answers.push(() => undefined);
    const { seq } = await alone.say("cellar", "is anybody there?");
    await receiver.count(1);
    await alone.say("cellar", "hello?");
    await receiver.count(2);
    await companion.join("cellar");
    await companion.say("cellar", "yes");
    await companion.must("message:report", { room: "cellar", seq });
    await receiver.count(3);
    expect(receiver.received.map(({ body }) => [body.event, body.seq, body.title])).toEqual([
      ["first-message", seq, "The cellar"],
      ["first-message", seq, "The cellar"],
      ["report", seq, "The cellar"],
    ]);
  } finally {
    await receiver.close();
  }
});

test("[O-14] an invalid address, or an address without a secret, is a clear error at the start", async ({
  launchReplica,
}) => {
  const output = async (environment: Record<string, string>) => {
    const replica = await launchReplica(environment);
    expect((await replica.exit).code).toBe(1);
    return replica.output();
  };
  expect(await output({ OWNER_WEBHOOK: "chat.example/hook", OWNER_WEBHOOK_SECRET: secret })).toContain(
    "OWNER_WEBHOOK: must be an http:// or https:// address",
  );
  expect(await output({ OWNER_WEBHOOK: "https://chat.example/hook" })).toContain(
    "OWNER_WEBHOOK and OWNER_WEBHOOK_SECRET go together",
  );
});
