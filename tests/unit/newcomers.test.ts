import pino from "pino";
import { ChatError } from "../../server/errors";
import { Newcomers } from "../../server/limits/newcomers";
import { WrittenMessages } from "../../server/limits/written-messages";
import { newcomerLimits } from "../../server/rates";
import { MemoryRecords } from "../../server/records/memory/records";
import { openTrial } from "../support/network-trial";
import { expect, test } from "../support/plain-test";
import { until } from "../support/until";

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** The limits of RATE_LIMITS=off. */
const withoutLimits = (
  stores: Pick<ConstructorParameters<typeof Newcomers>[0], "accounts" | "written" | "clock">,
  keptMs = dayMs,
) =>
  new Newcomers(
    { ...stores, logger: pino({ level: "silent" }), settling: newcomerLimits },
    undefined,
    keptMs,
  );

/** A visitor that came long ago and has written enough. */
async function settledIn(trial: ReturnType<typeof openTrial>) {
  const visitor = trial.newVisitor();
  for (let index = 0; index < 3; index += 1)
    await trial.written.add(visitor.id, `lobby ${visitor.id}${index}`, 1e9);
  return { ...visitor, since: trial.clock.now() - 11 * minuteMs };
}

async function count(times: number, attempt: () => Promise<boolean>): Promise<number> {
  let taken = 0;
  for (let index = 0; index < times; index += 1) if (await attempt()) taken += 1;
  return taken;
}

test("[W-8] a new visitor may write three messages at once and one every two seconds, until it is settled", async () => {
  const { clock, newVisitor, newcomers, says } = openTrial();
  const visitor = newVisitor();
  expect(await count(10, () => says(visitor))).toBe(3);
  clock.skip(2_000);
  expect(await count(10, () => says(visitor))).toBe(1);
  expect(await newcomers.isSettled(visitor)).toBe(false);
  clock.skip(10 * minuteMs);
  expect(await newcomers.isSettled(visitor)).toBe(true);
  expect(await count(20, () => says(visitor))).toBe(10);
});

test("[W-8] a refusal of its network does not count against a new visitor: it may try again in time", async () => {
  const { clock, newVisitor, says, tries } = openTrial();
  const visitor = newVisitor();
  await tries("newcomerMessages", 1_000);
  for (let attempt = 0; attempt < 10; attempt += 1) expect(await says(visitor)).toBe(false);
  clock.skip(60_000);
  expect(await count(10, () => says(visitor))).toBe(3);
});

test("[W-8] a message that is sent again counts once", async () => {
  const { clock, newVisitor, newcomers, says, written } = openTrial();
  const visitor = newVisitor();
  expect(await says(visitor)).toBe(true);
  for (let index = 0; index < 5; index += 1) newcomers.messageSent(visitor, "lobby", 1);
  await expect.poll(() => written.count(visitor.id)).toBe(1);
  clock.skip(11 * minuteMs);
  expect(await newcomers.isSettled(visitor)).toBe(false);
});

test("[W-8] neither time alone nor removed messages settle a visitor", async () => {
  const { clock, newVisitor, newcomers, says, written } = openTrial();
  const [silent, sorry] = [newVisitor(), newVisitor()];
  expect(await count(3, () => says(sorry))).toBe(3);
  await newcomers.messageRemoved(sorry.id, "lobby", 1);
  await expect.poll(() => written.count(sorry.id)).toBe(2);
  clock.skip(11 * minuteMs);
  expect(await newcomers.isSettled(silent)).toBe(false);
  expect(await newcomers.isSettled(sorry)).toBe(false);
});

test("[O-5] one removed message of many does not make a visitor a newcomer, and late removals do not count", async () => {
  const { clock, newVisitor, newcomers, says, written } = openTrial();
  const visitor = newVisitor();
  for (let index = 0; index < 44; index += 1) {
    expect(await says(visitor)).toBe(true);
    clock.skip(2 * minuteMs);
  }
  for (let seq = 1; seq <= 10; seq += 1) {
    await newcomers.messageRemoved(visitor.id, "lobby", seq);
    expect(await newcomers.hasSettled(visitor), `${seq} taken away`).toBe(true);
  }
  for (let seq = 11; seq <= 44; seq += 1) await newcomers.messageRemoved(visitor.id, "lobby", seq);
  expect(await newcomers.hasSettled(visitor), "all messages removed").toBe(false);
  expect(await written.count(visitor.id)).toBe(0);
});

test("[O-5] a visitor's messages count before any rule asks, even with RATE_LIMITS=off", async () => {
  const { accounts, clock, newVisitor, written } = openTrial();
  const newcomers = withoutLimits({ accounts, written, clock });
  const [visitor, hasty] = [newVisitor(), newVisitor()];
  for (const seq of [1, 2, 2, 3]) newcomers.messageSent(visitor, "lobby", seq);
  for (const seq of [4, 5]) newcomers.messageSent(hasty, "lobby", seq);
  expect(await newcomers.hasSettled(visitor), "at once").toBe(false);
  clock.skip(11 * minuteMs);
  for (const [of, is] of [
    [visitor, true],
    [hasty, false],
  ] as const)
    expect(await newcomers.hasSettled(of)).toBe(is);
});

test("[O-5] the store remembers that a visitor has written as long as it keeps coming", async () => {
  const { accounts, clock, newVisitor } = openTrial();
  const written = new WrittenMessages(new MemoryRecords(clock));
  const visitor = newVisitor();
  for (let week = 0; week < 10; week += 1) {
    // Another replica, which has just started.
    const newcomers = withoutLimits({ accounts, written, clock }, 30 * dayMs);
    for (let seq = 0; seq < 25; seq += 1) newcomers.messageSent(visitor, "lobby", 100 * week + seq);
    await expect.poll(() => written.count(visitor.id)).toBe(20 + week);
    clock.skip(7 * dayMs);
  }
  expect(await withoutLimits({ accounts, written, clock }).hasSettled(visitor)).toBe(true);
});

test("[W-8] a visitor with an account is settled at once; a token without the time of its first visit is old enough", async () => {
  const { accounts, clock, newVisitor, newcomers, written } = openTrial();
  const member = newVisitor();
  await accounts.add({ visitor: member.id, generation: 0 }, "ada", { handle: "Ada", password: "hash" });
  expect(await newcomers.isSettled(member)).toBe(true);
  await newcomers.assertMayBegin(member);
  const old = { id: "old" };
  await newcomers.assertMayBegin(old);
  expect(await newcomers.isSettled(old)).toBe(false);
  for (const message of ["a 1", "a 2", "a 3"]) await written.add(old.id, message, 1e9);
  clock.skip(21_000);
  expect(await newcomers.isSettled(old), "messages over another replica count after a while").toBe(true);
});

test("[O-5] [O-7] a new account does not make its visitor settled for rules and guard; after ten minutes it stands for messages", async () => {
  const { accounts, clock, newVisitor, newcomers, written } = openTrial();
  const lifted = withoutLimits({ accounts, written, clock });
  const member = newVisitor();
  await accounts.add({ visitor: member.id, generation: 0 }, "ada", { handle: "Ada", password: "hash" });
  expect(await newcomers.isSettled(member), "for rates").toBe(true);
  for (const each of [newcomers, lifted]) expect(await each.hasSettled(member)).toBe(false);
  clock.skip(10 * minuteMs);
  for (const each of [newcomers, lifted]) expect(await each.hasSettled(member)).toBe(true);
});

test("[W-8] a visitor may make rooms and open conversations after its first minute, and the refusal says when", async () => {
  const { clock, newVisitor, newcomers } = openTrial();
  const visitor = newVisitor();
  clock.skip(20_000);
  await expect(newcomers.assertMayBegin(visitor)).rejects.toMatchObject({
    code: "rate_limited",
    retryAfterMs: 40_000,
    scope: "newcomer",
    message: "You’ve only just arrived; try again in 40 seconds.",
  });
  clock.skip(40_000);
  await newcomers.assertMayBegin(visitor);
});

test("[W-8] a flood of new ids does not use up the budget of settled visitors in the same network", async () => {
  const trial = openTrial();
  const honest = await Promise.all([settledIn(trial), settledIn(trial)]);
  let [flooded, refused] = [0, 0];
  for (let second = 0; second < 60; second += 1) {
    for (let index = 0; index < 40; index += 1) {
      const fresh = trial.newVisitor();
      flooded += await count(4, () => trial.says(fresh, "x".repeat(200)));
    }
    for (const visitor of honest) if (!(await trial.says(visitor))) refused += 1;
    trial.clock.skip(1_000);
  }
  expect(refused).toBe(0);
  expect(flooded, "of 9,600").toBeLessThan(150 + 15 + 60 * 5.5);
});

test("[W-8] several settled visitors that flood slow each other down, but not one that writes little", async () => {
  const trial = openTrial();
  const [calm, ...floods] = await Promise.all(Array.from({ length: 13 }, () => settledIn(trial)));
  if (calm === undefined) throw new Error("no visitor is calm");
  let [flooded, refused] = [0, 0];
  for (let second = 0; second < 120; second += 1) {
    for (const visitor of floods) flooded += await count(6, () => trial.says(visitor));
    if (second % 6 === 0 && !(await trial.says(calm))) refused += 1;
    trial.clock.skip(1_000);
  }
  expect(refused).toBe(0);
  expect(flooded, "of 8,640").toBeLessThan(120 * (10 + 2 + 2.4) + 500);
});

test("[W-8] one visitor that floods does not affect its network", async () => {
  const trial = openTrial();
  const [flood, other] = await Promise.all([settledIn(trial), settledIn(trial)]);
  for (let second = 0; second < 60; second += 1) {
    await count(50, () => trial.says(flood));
    expect(await trial.says(other), `in second ${second}`).toBe(true);
    trial.clock.skip(1_000);
  }
});

test("[W-8] the store is asked once whether a visitor is settled", async () => {
  const trial = openTrial();
  const visitor = await settledIn(trial);
  let asked = 0;
  const { count: counted } = trial.written;
  trial.written.count = (id) => {
    asked += 1;
    return counted.call(trial.written, id);
  };
  for (let second = 0; second < 60; second += 1) {
    expect(await trial.says(visitor)).toBe(true);
    trial.clock.skip(1_000);
  }
  expect(asked).toBe(1);
  expect(trial.state.asked, "its network's budget was not asked for, either").toBe(0);
});

test("[O-5] while the store does not tell, a visitor is not refused as a newcomer: the answer is `unavailable`", async () => {
  const trial = openTrial();
  const visitor = await settledIn(trial);
  const state = { isAway: true };
  const count: WrittenMessages["count"] = async (id) => {
    if (state.isAway) throw new ChatError("unavailable");
    return trial.written.count(id);
  };
  const written = Object.assign(Object.create(trial.written) as WrittenMessages, { count });
  const newcomers = withoutLimits({ ...trial, written });
  await expect(newcomers.hasSettled(visitor)).rejects.toMatchObject({ code: "unavailable" });
  expect(await newcomers.isSettled(visitor), "without limits").toBe(true);
  state.isAway = false;
  expect(await newcomers.hasSettled(visitor)).toBe(true);
});

test("[W-8] once a visitor's messages are all taken away, an earlier answer of the store does not settle it", async () => {
  const trial = openTrial();
  const visitor = await settledIn(trial);
  const answers: (() => void)[] = [];
  const count: WrittenMessages["count"] = async (id) => {
    const known = await trial.written.count(id);
    if (answers.length === 0) await new Promise<void>((resolve) => answers.push(resolve));
    return known;
  };
  const written = Object.assign(Object.create(trial.written) as WrittenMessages, { count });
  const newcomers = withoutLimits({ ...trial, written });
  const early = newcomers.hasSettled(visitor);
  await until("the store's answer", () => answers.length === 1);
  await newcomers.messagesCleared(visitor.id);
  answers[0]?.();
  await early;
  expect(await newcomers.hasSettled(visitor)).toBe(false);
});
