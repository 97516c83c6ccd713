import type { Member } from "../../bench/crowd/member";
import { Readings } from "../../bench/crowd/readings";
import { Tally } from "../../bench/crowd/tally";
import { expect, test } from "../support/plain-test";

const makeMember = () =>
  ({
    seen: new Uint8Array(0),
    newest: new Int32Array(0),
    lastSeq: 0,
    replica: 1,
    room: 0,
  }) as unknown as Member;

/** A `feed:appended` with messages of these numbers, the first under that number of the room. */
function frame(seq: number, ...messages: number[]): Buffer {
  const entries = messages.map((number, index) => ({
    seq: seq + index,
    kind: "message",
    text: `#${String(number).padStart(7, "0")} hello`,
  }));
  return Buffer.from(`42["feed:appended",${JSON.stringify({ room: "lobby", epoch: "e", entries })}]`);
}

/** Two senders send three messages in turns, and one member receives these frames. */
function faultsAfter(...frames: Buffer[]) {
  const tally = new Tally(10);
  const member = makeMember();
  const readings = new Readings(true);
  tally.seat(member);
  for (let number = 0; number < 3; number += 1) {
    tally.add({ room: 0, missing: 1, sender: number % 2, replica: 0, sentAt: 0 });
    tally.answered(number, true);
  }
  for (const bytes of frames) tally.appended(member, readings.of(bytes, 0, bytes.length), 1);
  const faults = Object.entries(tally.judge([member]));
  return Object.fromEntries(faults.filter(([, count]) => count > 0));
}

test("the crowd's tally finds no fault in whole deliveries, one by one or together", () => {
  expect(faultsAfter(frame(1, 0), frame(2, 1), frame(3, 2))).toEqual({});
  expect(faultsAfter(frame(1, 0, 1), frame(3, 2))).toEqual({});
});

test("the crowd's tally finds lost, doubled and disordered messages", () => {
  expect(faultsAfter(frame(1, 0, 1))).toEqual({ lost: 1 });
  expect(faultsAfter(frame(1, 0), frame(1, 0), frame(2, 1, 2))).toEqual({ doubled: 1, disordered: 1 });
  expect(faultsAfter(frame(1, 0), frame(3, 2), frame(4, 1))).toEqual({ disordered: 1 });
  expect(faultsAfter(frame(1, 2), frame(2, 1), frame(3, 0))).toEqual({ disordered: 1 });
});

test("the crowd's tally counts a refused message as refused, whether it comes or not, and waits for the others", async () => {
  const tally = new Tally(10);
  const members = [makeMember(), makeMember()];
  for (const member of members) tally.seat(member);
  for (let number = 0; number < 2; number += 1)
    tally.add({ room: 0, missing: 2, sender: 0, replica: 0, sentAt: 0 });
  const bytes = frame(1, 0);
  const reading = new Readings(true).of(bytes, 0, bytes.length);
  tally.appended(members[0] as Member, reading, 1);
  tally.answered(0, false);
  tally.appended(members[1] as Member, reading, 1);
  tally.answered(1, true);
  expect(tally.judge(members)).toMatchObject({ refused: 1, lost: 2, unanswered: 0 });
  expect(await tally.drained(1)).toBe(false);
});

test("copies of a frame are read once", () => {
  const readings = new Readings(true);
  const [one, other] = [frame(7, 4, 5), frame(9, 6)];
  const read = readings.of(one, 0, one.length);
  expect(readings.of(other, 0, other.length).messages).toEqual([6]);
  expect(readings.of(Buffer.from(one), 0, one.length)).toBe(read);
  expect(read).toMatchObject({ room: "lobby", messages: [4, 5], seqs: { first: 7, last: 8, isWhole: true } });
});
