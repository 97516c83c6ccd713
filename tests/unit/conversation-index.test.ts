import { ConversationIndex } from "../../server/direct/conversation-index";
import { recordKeys } from "../../server/records/keys";
import { counterAt, listAt } from "../../server/records/kinds";
import { MemoryRecords } from "../../server/records/memory/records";
import { HandClock } from "../contract/hand-clock";
import { expect, test } from "../support/plain-test";

const hourMs = 3_600_000;
const historyDays = 30;
const [ann, ben] = ["ann", "ben"];

/** Records that run a callback between a rule's read and its next write. */
class Interrupted extends MemoryRecords {
  before: (() => Promise<void>) | undefined;

  protected override async commit(...what: Parameters<MemoryRecords["commit"]>) {
    const { before } = this;
    this.before = undefined;
    await before?.();
    return super.commit(...what);
  }
}

test("[DM-10] an active conversation stays in both lists, even in that of an absent visitor", async () => {
  const clock = new HandClock();
  const index = new ConversationIndex(new MemoryRecords(clock), { historyDays });
  await index.opened(ann, ben, clock.now());
  for (let message = 0; message < 60; message += 1) {
    clock.skip(20 * hourMs);
    await index.messageSent(ann, ben, clock.now());
  }
  for (const [visitor, partner] of [
    [ann, ben],
    [ben, ann],
  ] as const)
    expect((await index.list(visitor)).found).toMatchObject([{ partner }]);
});

test("[ID-5] a visitor that is forgotten while a message is being listed leaves nothing that stays forever", async () => {
  const clock = new HandClock();
  const records = new Interrupted(clock);
  const index = new ConversationIndex(records, { historyDays });
  await index.opened(ann, ben, clock.now());
  await index.messageSent(ann, ben, clock.now());
  records.before = () => index.forget(ben);
  await index.messageSent(ann, ben, clock.now() + 1);
  const [listMs, versionMs] = await records.read(
    listAt(recordKeys.conversations(ben)).leftMs(),
    counterAt(recordKeys.conversationsVersion(ben)).leftMs(),
  );
  for (const leftMs of [listMs, versionMs]) expect(leftMs).toBeLessThanOrEqual(historyDays * 24 * hourMs);
});
