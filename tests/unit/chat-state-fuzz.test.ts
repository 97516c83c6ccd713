import { expect, test } from "@playwright/test";
import { type ChatState, initialState, reduce } from "../../components/chat/chat-state";
import type { Entry, Gap, Member } from "../../protocol/events";
import { welcome } from "./feed-makers";

/** A small generator (mulberry32), so that a failure's seed plays it again. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** A room as the server has it: numbers without holes, of which the oldest may be trimmed. */
class Room {
  epoch = "e1";
  all: Entry[] = [];
  kept = 0;
  here = new Map<string, Member>([["v-me", { id: "v-me", name: "me" }]]);

  constructor(private readonly random: (below: number) => number) {}

  add(): void {
    const seq = this.all.length + 1;
    const by = { id: `v-${this.random(4)}`, name: "somebody" };
    const choice = this.random(5);
    if (choice === 0) this.note(seq, this.here.has(by.id) ? "leave" : "join", by);
    else
      this.all.push({ seq, at: seq, kind: "message", by, text: `${seq}`, clientMessageId: `message-${seq}` });
  }

  note(seq: number, kind: "join" | "leave", by: Member): void {
    if (kind === "join") this.here.set(by.id, by);
    else this.here.delete(by.id);
    this.all.push({ seq, at: seq, kind, by });
  }

  restart(): void {
    this.epoch = `${this.epoch}'`;
    this.all = [];
    this.kept = 0;
  }

  /** C-1: what follows the cursor, or the newest page and a gap. */
  join(cursor: ChatState["feed"]["cursor"]) {
    const head = this.all.length;
    const isSame = cursor?.epoch === this.epoch;
    const canResume = isSame && cursor.seq >= this.kept;
    const start = canResume ? cursor.seq : Math.max(this.kept, head - 10);
    const entries = this.all.slice(start);
    const to = Math.max(1, start);
    const gap: Gap = isSame
      ? { from: cursor.seq + 1, to, reason: "trimmed" }
      : { from: 1, to, reason: "reset" };
    return welcome(entries, {
      members: [...this.here.values()],
      memberCount: this.here.size,
      presenceSeq: head,
      cursor: { epoch: this.epoch, seq: head },
      ...(cursor && !canResume && { gap }),
    });
  }
}

/** What is wrong with the lines, if anything: an `expect` for each of a million lines would take minutes. */
function faultIn({ feed }: ChatState, room: Room): string | undefined {
  const isNew = feed.cursor?.epoch !== room.epoch;
  let last: number | undefined;
  for (const line of feed.lines) {
    if (line.kind === "gap" && line.gap.reason !== "trimmed") continue;
    const from = line.kind === "gap" ? line.gap.from : line.seq;
    if (last !== undefined && from !== last + 1) return `${from} follows ${last}`;
    if (line.kind !== "gap" && !isNew && line !== room.all[line.seq - 1]) return `a stranger at ${line.seq}`;
    last = line.seq;
  }
  return last === undefined || last === feed.cursor?.seq ? undefined : `the cursor is not at ${last}`;
}

function run(seed: number): void {
  const random = randomFrom(seed);
  const room = new Room(random);
  let state = reduce(initialState, { type: "room:joined", answer: room.join(undefined) });
  for (let step = 0; step < 300; step += 1) {
    const choice = random(100);
    if (choice < 50) room.add();
    if (choice === 50) room.restart();
    if (choice === 51) room.kept = random(room.all.length + 1);
    if (choice >= 52 && choice < 85) {
      const from = random(room.all.length + 1);
      const entries = room.all.slice(from, from + 1 + random(5));
      const isKnown = state.feed.cursor?.epoch === room.epoch;
      if (isKnown) state = reduce(state, { type: "feed:appended", epoch: room.epoch, entries });
    }
    if (choice >= 85) state = reduce(state, { type: "room:joined", answer: room.join(state.feed.cursor) });
    const fault = faultIn(state, room);
    if (fault) throw new Error(`step ${step}: ${fault}`);
  }
  state = reduce(state, { type: "room:joined", answer: room.join(state.feed.cursor) });
  expect(state.feed.cursor).toEqual({ epoch: room.epoch, seq: room.all.length });
  expect([...state.presence.members.keys()].sort()).toEqual([...room.here.keys()].sort());
  expect(state.presence.count).toBe(room.here.size);
}

test("[F-1] whatever arrives in whatever order, the feed has no hole, no repeat and no stranger's word", () => {
  const seeds = process.env.FUZZ_SEED
    ? [Number(process.env.FUZZ_SEED)]
    : Array.from({ length: 40 }, () => Math.floor(Math.random() * 2 ** 31));
  for (const seed of seeds) {
    try {
      run(seed);
    } catch (error) {
      throw new Error(`FUZZ_SEED=${seed} plays it again`, { cause: error });
    }
  }
});
