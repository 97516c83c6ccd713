import pino from "pino";
import { AccountStore } from "../../server/accounts/account-store";
import { Identity } from "../../server/accounts/identity";
import type { Session } from "../../server/accounts/session";
import { Sessions } from "../../server/accounts/sessions";
import { ChatError } from "../../server/errors";
import { MemoryRecords } from "../../server/records/memory/records";
import type { Question } from "../../server/records/records";
import { HandClock } from "../contract/hand-clock";
import { expect, test } from "../support/plain-test";

const readEndsEveryMs = 1_000;
const invalidToken = expect.objectContaining({ code: "invalid_token" });
const unavailable = expect.objectContaining({ code: "unavailable" });

/** A store that can be away. */
class ShakyRecords extends MemoryRecords {
  isAway = false;

  protected override async answerAll(questions: readonly Question[]) {
    if (this.isAway) throw new ChatError("unavailable");
    return super.answerAll(questions);
  }
}

/** Two replicas over one store; each learns of the other's ends when its clock ticks. */
function makeWorld() {
  const clock = new HandClock();
  const records = new ShakyRecords(clock);
  const accounts = new AccountStore(records, { endKeptMs: 31 * 86_400_000 });
  const identity = new Identity([new Uint8Array(32)]);
  const open = () => new Sessions({ identity, accounts, clock, logger: pino({ level: "silent" }) });
  const [here, there] = [open(), open()];
  const heard: Session[] = [];
  here.ends.onEnd((end) => heard.push(end));
  return { clock, records, accounts, here, there, heard };
}

/** Waits until everything that has begun is done. */
const settled = () => new Promise(setImmediate);

test("[ID-1] a token is renewed at each handshake, and refused once its visitor's tokens were ended anywhere", async () => {
  const { here, there } = makeWorld();
  const first = await here.open(undefined);
  const again = await there.open(first.token);
  expect(again).toMatchObject({ visitor: first.visitor, isConfirmed: true });
  await there.end(again);
  for (const { token } of [first, again]) await expect(here.open(token)).rejects.toEqual(invalidToken);
});

test("[ID-1] the other replica learns of an end at its next read, once, and not before", async () => {
  const { clock, here, there, heard } = makeWorld();
  const session = await here.open(undefined);
  await there.end(session);
  expect([heard, here.ends.isEnded(session)]).toEqual([[], false]);
  for (const _ of [1, 2]) {
    clock.tick(readEndsEveryMs);
    await settled();
  }
  expect(heard).toEqual([{ visitor: session.visitor, generation: expect.any(Number) }]);
  expect(here.ends.isEnded(session), "a connection accepted meanwhile is recognized as ended").toBe(true);
  expect(here.ends.isEnded(heard[0] ?? session), "tokens issued since are valid").toBe(false);
});

test("[ID-1] a replica learns of tokens ended while it could not reach the store when it can again", async () => {
  const { clock, records, here, there, heard } = makeWorld();
  const session = await here.open(undefined);
  await there.end(session);
  records.isAway = true;
  clock.tick(readEndsEveryMs);
  await settled();
  expect(heard).toEqual([]);
  records.isAway = false;
  clock.tick(readEndsEveryMs);
  await settled();
  expect(heard).toHaveLength(1);
});

test("[ID-1] a replica that was cut off or suspended runs no command before it has read the ended tokens", async () => {
  const { clock, records, here, there, heard } = makeWorld();
  const [ended, other] = [await here.open(undefined), await here.open(undefined)];
  records.isAway = true;
  await here.confirm(ended);
  clock.skip(5 * readEndsEveryMs);
  records.isAway = false;
  await there.end(ended);
  records.isAway = true;
  await expect(here.confirm(ended), "a session that was confirmed before").rejects.toEqual(unavailable);
  records.isAway = false;
  expect(heard).toEqual([]);
  const both = [here.confirm(ended), here.confirm(other)];
  await expect(both[0]).rejects.toEqual(invalidToken);
  await both[1];
  expect(heard, "one read for both").toHaveLength(1);
});

test("[ID-1] while the store is away a token lets its visitor in unconfirmed, is not renewed, and allows no command", async () => {
  const { records, here } = makeWorld();
  const { token, visitor } = await here.open(undefined);
  records.isAway = true;
  const session = await here.open(token);
  expect(session).toMatchObject({ visitor, token, isConfirmed: false });
  await expect(here.confirm(session)).rejects.toEqual(unavailable);
  records.isAway = false;
  await here.confirm(session);
  expect(session.isConfirmed).toBe(true);
});

test("[ID-1] a replica's knowledge of earlier ends confirms no token while the store is away", async () => {
  const { accounts, records, here, there } = makeWorld();
  const { visitor } = await here.open(undefined);
  here.ends.announce(await here.end({ visitor, generation: 0 }));
  const generation = await accounts.ends.generationOf(visitor);
  const { token } = await there.sign({ visitor, generation });
  records.isAway = true;
  expect(await here.open(token)).toMatchObject({ token, isConfirmed: false });
});

test("[ID-1] a forged token is refused, whether the store is away or not", async () => {
  const { records, here } = makeWorld();
  records.isAway = true;
  await expect(here.open("forged")).rejects.toEqual(invalidToken);
});

test("[ID-1] the connection of an ended token that came while the store was away is closed when it is back, without a command", async () => {
  const { clock, records, here, there, heard } = makeWorld();
  const { token, visitor } = await there.open(undefined);
  there.ends.announce(await there.end({ visitor, generation: 0 }));
  records.isAway = true;
  await expect(there.open(token), "the replica that knows of the end refuses it").rejects.toEqual(
    invalidToken,
  );
  const session = await here.open(token);
  clock.tick(readEndsEveryMs);
  await settled();
  expect(heard).toEqual([]);
  records.isAway = false;
  clock.tick(readEndsEveryMs);
  await settled();
  expect(heard.map((end) => end.visitor)).toContain(visitor);
  await expect(here.confirm(session), "its commands are refused").rejects.toEqual(invalidToken);
});
