import { nanoid } from "nanoid";
import type { RoomLine } from "../broker/room-dump";
import type { DumpedKind, DumpedRecord, RecordLine } from "../records/record-dump";
import type { DumpTarget } from "./dump-store";
import { type Counts, count } from "./export";
import { type DumpHeader, type DumpLine, readHeader, readLine, UnreadableDump } from "./lines";

type Dump = { header: DumpHeader; line: DumpLine | undefined };

/** The lines of a dump, once their order is checked. Throws UnreadableDump, with the line's number. */
export async function* readDump(texts: AsyncIterable<string>): AsyncIterable<Dump> {
  let number = 0;
  let header: DumpHeader | undefined;
  let isEnded = false;
  const order = new Order();
  try {
    for await (const text of texts) {
      number += 1;
      if (isEnded) throw new UnreadableDump("there is more behind the end");
      if (header === undefined) {
        header = readHeader(text);
        yield { header, line: undefined };
        continue;
      }
      const line = readLine(text);
      order.check(line, number);
      isEnded = "end" in line;
      yield { header, line };
    }
    number += 1;
    if (!isEnded) throw new UnreadableDump("the end is missing: the file was cut off");
  } catch (error) {
    if (error instanceof UnreadableDump) throw new UnreadableDump(`line ${number}: ${error.message}`);
    throw error;
  }
}

/** Numbers without an entry that a room may have: a store may have lost some, and each is filled in. */
const mostLost = 50_000;

/** Which items may follow a record of each kind. */
const fits: Record<DumpedKind, (value: unknown) => boolean> = {
  value: () => false,
  count: () => false,
  map: (value) => value !== undefined,
  set: (value) => value === undefined,
  list: (value) => typeof value === "number",
};

/** Which line may follow which. */
class Order {
  private room: { id: string; line: number; head: number; last: number; lost: number } | undefined;
  private record: DumpedRecord | undefined;
  private readonly rooms = new Set<string>();

  check(line: DumpLine, number: number): void {
    if (!("entry" in line || "member" in line)) this.endRoom();
    if ("room" in line) this.begin(line.room, number);
    else if ("entry" in line) this.next(line.entry.seq);
    else if ("member" in line) this.inRoom();
    else if ("record" in line) this.record = line.record;
    else if ("item" in line) this.checkItem(line.item);
    else if ("end" in line && line.end.lines !== number - 1)
      throw new UnreadableDump(`it ends ${line.end.lines} lines, and ${number - 1} are here`);
  }

  private begin({ id, head }: { id: string; head: number }, line: number): void {
    if (this.rooms.has(id)) throw new UnreadableDump(`the room ${id} is here twice`);
    this.rooms.add(id);
    this.room = { id, line, head, last: 0, lost: 0 };
  }

  /** A room whose entries are all gone may have any head. */
  private endRoom(): void {
    const { room } = this;
    this.room = undefined;
    if (room !== undefined && room.last > 0) this.lose(room, room.head - room.last);
  }

  private lose(room: NonNullable<Order["room"]>, count: number): void {
    room.lost += count;
    if (room.lost > mostLost)
      throw new UnreadableDump(
        `the room ${room.id} (line ${room.line}) lacks ${room.lost} of its entries up to ${room.head}: more than ${mostLost} cannot be`,
      );
  }

  private checkItem([name, value]: [name: string, value?: string | number]): void {
    const { record } = this;
    if (record === undefined) throw new UnreadableDump("an item without a record before it");
    if (!fits[record.kind](value))
      throw new UnreadableDump(`the item ${name} does not fit ${record.key}, which is a ${record.kind}`);
  }

  private inRoom() {
    if (this.room === undefined) throw new UnreadableDump("it belongs to a room, and none is before it");
    return this.room;
  }

  private next(seq: number): void {
    const room = this.inRoom();
    if (seq <= room.last || seq > room.head)
      throw new UnreadableDump(`entry ${seq} does not follow ${room.last} in a room of ${room.head}`);
    if (room.last > 0) this.lose(room, seq - room.last - 1);
    room.last = seq;
  }
}

export type ImportOptions = {
  target: DumpTarget;
  /** For a dump after which the talk has gone on: numbers may be given again, so each room begins a new epoch. */
  hasNewEpochs: boolean;
  keepSecret(secret: string): Promise<void>;
};

/** Throws UnreadableDump, and an Error when the store is not empty or is in use. */
export async function importLines(
  texts: AsyncIterable<string>,
  { target, hasNewEpochs, keepSecret }: ImportOptions,
  counts: Counts,
): Promise<DumpHeader> {
  let header: DumpHeader | undefined;
  for await (const dump of readDump(texts)) {
    // Only now: a foreign file leaves the store as it is.
    if (header === undefined) await begin(target);
    header = dump.header;
    if (dump.line === undefined) continue;
    count(dump.line, counts);
    if ("secret" in dump.line) await keepSecret(dump.line.secret);
    else if (!("end" in dump.line)) await write(target, hasNewEpochs ? withNewEpoch(dump.line) : dump.line);
  }
  if (header === undefined) throw new UnreadableDump("line 1: the file is empty");
  await target.rooms.finish();
  await target.records.finish();
  await target.checkUnused();
  await target.finish();
  return header;
}

async function begin(target: DumpTarget): Promise<void> {
  await target.checkUnused();
  if (!(await target.isUnfinished()) && !(await isEmpty(target)))
    throw new Error(`${target.name} is not empty. An import needs an empty store: nothing was changed.`);
  await target.begin();
}

/** A server that was only started has made the lobby. */
async function isEmpty(target: DumpTarget): Promise<boolean> {
  for await (const line of target.lines()) if (!("room" in line) || line.room.head > 0) return false;
  return true;
}

async function write({ rooms, records }: DumpTarget, line: RoomLine | RecordLine): Promise<void> {
  if ("record" in line || "item" in line) await records.write(line);
  else await rooms.write(line);
}

function withNewEpoch(line: RoomLine | RecordLine): RoomLine | RecordLine {
  return "room" in line ? { room: { ...line.room, epoch: nanoid(10), rewoundFrom: line.room.epoch } } : line;
}
