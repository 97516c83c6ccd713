import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "../support/browser-fixtures";
import { lostConnection } from "../support/browser-visitor";
import { insist } from "../support/insist";
import { from, ownedSite, refusalOf } from "../support/owner";
import { asOwner } from "../support/owner-page";
import type { WireVisitor } from "../support/wire-visitor";

const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
const floodAddress = "203.0.113.77";

test("[O-4] the owner ends a flood of twenty visitors with three taps on a phone; two others lose no message when a replica is killed and everything restarts", async ({
  ownRedis,
  launchReplica,
  startFront,
  browserVisitor,
  connect,
}) => {
  const launch = async () => {
    const replica = await launchReplica({ ...ownedSite, REDIS_URL: ownRedis.url });
    await replica.ready();
    return replica;
  };
  const replicas = [await launch(), await launch()];
  const front = await startFront(replicas.map(({ port }) => port));
  const talkers = await Promise.all(
    ["198.51.100.3", "198.51.100.4"].map((address) =>
      connect(from(address, { url: front.url, reconnection: true })),
    ),
  );
  const flooders = await Promise.all(
    Array.from({ length: 20 }, () => connect(from(floodAddress, { url: front.url }))),
  );
  for (const visitor of [...talkers, ...flooders]) await visitor.join("lobby");
  const [asker, answerer] = talkers as [WireVisitor, WireVisitor];
  const talk = async (question: string) => {
    await insist(asker, "lobby", question);
    await answerer.entry("lobby", (entry) => entry.kind === "message" && entry.text === question);
    await insist(answerer, "lobby", `${question} Yes.`);
  };
  const phoneVisitor = await browserVisitor({ url: `${front.url}/chat`, ...phone });
  const chat = await asOwner(phoneVisitor);
  const flooding = flooders.map(async (visitor, index) => {
    for (let line = 1; visitor.socket.connected; line += 1) {
      await visitor.say("lobby", `buy this, says ${index}, number ${line}`).catch(() => undefined);
      // Twenty lines a second in all.
      await pause(1_000);
    }
  });
  await talk("Are you there?");

  const text =
    (await chat.feed
      .getByText(/^buy this/)
      .first()
      .textContent()) ?? "";
  // The swipe keeps the feed in place while more lines come.
  await chat.message(text).scrollIntoViewIfNeeded();
  await chat.message(text).tap();
  await chat.entry(text).getByRole("button", { name: "Moderate" }).tap();
  await chat.page
    .getByRole("dialog", { name: /^Moderate / })
    .getByRole("button", { name: "Ban with their network" })
    .tap();
  await Promise.all(flooders.map((visitor) => visitor.gone()));
  await Promise.all(flooding);
  await talk("Is it over?");
  const { seq: over } = await asker.say("lobby", "It is over.");
  for (const talker of talkers) await talker.entry("lobby", ({ seq }) => seq === over);

  const isOut = async () => {
    const ways = [
      ...flooders.map(({ token }) => refusalOf(connect(from(floodAddress, { url: front.url, token })))),
      refusalOf(connect(from(floodAddress, { url: front.url }))),
    ];
    expect(await Promise.all(ways)).toEqual(Array(21).fill("banned"));
  };
  await isOut();
  phoneVisitor.expectComplaint(lostConnection);
  await replicas[0]?.kill();
  await talk("Are you there without that replica?");
  await isOut();
  await replicas[1]?.kill();
  await ownRedis.restart();
  for (const { port } of replicas) front.remove(port);
  for (const { port } of [await launch(), await launch()]) front.add(port);
  await talk("Are you there after all that?");
  await isOut();

  const fromFlood = new Set(flooders.map(({ id }) => id));
  for (const talker of talkers) {
    const { faults, gaps, messages } = talker.log("lobby");
    expect(faults).toEqual([]);
    expect(gaps).toEqual([]);
    expect(messages.filter(({ seq, by }) => seq > over && fromFlood.has(by.id))).toEqual([]);
  }
  await expect(chat.message("Are you there after all that? Yes.")).toBeVisible();
});
