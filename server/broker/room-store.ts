import { nanoid } from "nanoid";
import type { Cursor, Receipt, Room, RoomId } from "../../protocol/events";
import { lobbyId, maxListedMembers } from "../../protocol/limits";
import type { Keys } from "../redis/keys";
import type { RoomScripts } from "../redis/scripts";
import { toChatError } from "../redis/store-error";
import type { Arrival, Draft, Entrance, NameClaim, NewRoom, Page, Range } from "./broker";
import { memberLine, messageTail, readEntry, readMember } from "./entry-line";
import { readHead, readRoom } from "./room-fields";

export type Keeping = { historyLimit: number; historyDays: number };

type World = {
  scripts: RoomScripts;
  keys: Keys;
  keeping: Keeping;
  /** The last entry that this replica has given on, if it follows the room. */
  delivered(room: RoomId): Cursor | undefined;
};

const dayMs = 86_400_000;
/** As long as a token lives (ID-1): a visitor that can return finds its name. */
const keptNameMs = 30 * dayMs;
const anyBytes = Number.MAX_SAFE_INTEGER;

/** What the scripts do to one room, typed. `name` and `names` are connections as the store knows them. Throws ChatError. */
export class RoomStore {
  constructor(private readonly world: World) {}

  async create({ id, title, kind, owner }: NewRoom): Promise<Room> {
    return readRoom(await this.run("create", id, [id, title, kind, owner ?? ""]));
  }

  async enter(arrival: Arrival, name: string): Promise<{ entrance: Entrance; held: NameClaim }> {
    const { room, visitor, names, wanted } = arrival;
    const claims = (wanted === undefined ? names : [wanted]).flatMap((claim) => [
      claim.skeleton,
      memberLine({ id: visitor, name: claim.name }),
    ]);
    const reply = await this.run(
      "enter",
      room,
      [name, visitor, maxListedMembers, keptNameMs, wanted === undefined ? "" : "1", ...claims],
      [this.world.keys.keptName(room, visitor)],
    );
    const [fields, line, skeleton, memberCount, members] = reply as [
      string[],
      string,
      string,
      number,
      string[],
    ];
    const self = readMember(line);
    return {
      held: { name: self.name, skeleton },
      entrance: {
        room: readRoom(fields),
        self,
        head: readHead(fields),
        memberCount,
        members: members.map(readMember),
      },
    };
  }

  /** A name that ends in a colon stands for every connection of that replica. */
  async leave(room: RoomId, names: string[]): Promise<void> {
    await this.run("leave", room, names);
  }

  async publish(room: RoomId, name: string, { clientMessageId, since, ...draft }: Draft): Promise<Receipt> {
    const tail = messageTail({ ...draft, clientMessageId });
    const known = [since?.epoch ?? "", since?.seq ?? ""];
    const [seq, at] = (await this.run("publish", room, [name, clientMessageId, tail, ...known])) as [
      number,
      number,
    ];
    return { seq, at };
  }

  async read(room: RoomId, range: Range): Promise<Page> {
    const { after = "", before = "", limit, maxBytes = anyBytes } = range;
    const reply = await this.run("read", room, [after, before, limit, maxBytes]);
    const [epoch, rewoundFrom, first, head, lines] = reply as [string, string, number, number, string[]];
    const entries = lines.map(readEntry);
    if (range.after === undefined) entries.reverse();
    return { epoch, first, head, entries, ...(rewoundFrom !== "" && { rewoundFrom }) };
  }

  /** Ends an epoch of which more was delivered than the store has; returns the one that holds now. */
  async rewind(room: RoomId, epoch: string): Promise<string> {
    return (await this.run("rewind", room, [epoch])) as string;
  }

  private async run(script: keyof RoomScripts, room: RoomId, args: (string | number)[], keys: string[] = []) {
    const { scripts, keys: table } = this.world;
    try {
      return await scripts[script]([...table.room(room), ...keys], [...this.common(room), ...args]);
    } catch (error) {
      throw toChatError(error);
    }
  }

  /** The first arguments of every script (server/redis/scripts/room.lua). */
  private common(room: RoomId): (string | number)[] {
    const { keys, keeping, delivered } = this.world;
    const seen = delivered(room);
    return [
      keys.feedChannel(room),
      keeping.historyLimit,
      keeping.historyDays * dayMs,
      room === lobbyId ? room : "",
      nanoid(10),
      seen?.epoch ?? "",
      seen?.seq ?? "",
    ];
  }
}
