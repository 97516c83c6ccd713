import { createNotifier } from "../../components/chat/client/notifier";
import { expect, test } from "../support/plain-test";
import { liveVisit } from "./chat-visit";
import { FakeEnvironment } from "./fake-environment";
import { messages } from "./feed-makers";

const appended = (seq: number) => ({ room: "lobby", epoch: "e1", entries: messages(seq, seq) });

test("a single change is rendered at once, and many changes are rendered together", async () => {
  const environment = new FakeEnvironment();
  const notifier = createNotifier(environment);
  let told = 0;
  notifier.subscribe(() => {
    told += 1;
  });
  notifier.notify(false);
  expect(told).toBe(1);
  for (let change = 0; change < 50; change += 1) {
    await environment.pass(20);
    notifier.notify(false);
  }
  expect(told, "ten times a second").toBe(11);
  await environment.pass(1_000);
  expect(told, "the last one too").toBe(12);
  notifier.notify(false);
  expect(told).toBe(13);
});

test("all entries of a frame render together", async () => {
  const visit = await liveVisit();
  await visit.environment.pass(1_000);
  const shown: unknown[] = [];
  visit.client.subscribe(() => shown.push(visit.state.feed.cursor?.seq));
  const last = visit.state.feed.cursor?.seq ?? 0;
  const entries = messages(last + 1, last + 30);
  await visit.socket.hear("feed:appended", { room: "lobby", epoch: "e1", entries });
  await visit.environment.pass(1_000);
  expect(shown).toEqual([last + 30]);
});

test("the reader's own message renders at once, with every waiting change", async () => {
  const visit = await liveVisit();
  await visit.environment.pass(1_000);
  const shown: string[] = [];
  visit.client.subscribe(() => {
    const { feed, outbox } = visit.state;
    shown.push(`${feed.cursor?.seq} heard, ${outbox.length} on its way`);
  });
  const { cursor } = visit.state.feed;
  const seq = cursor?.seq ?? 0;
  await visit.socket.hear("feed:appended", appended(seq + 1));
  await visit.socket.hear("feed:appended", appended(seq + 2));
  visit.client.send("mine");
  expect(shown.slice(0, 2)).toEqual([`${seq + 1} heard, 0 on its way`, `${seq + 2} heard, 1 on its way`]);
});
