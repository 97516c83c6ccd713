import { customAlphabet } from "nanoid";
import type { Gap, HistoryAnswer, Locale, Receipt, Room, RoomId } from "../../protocol/events";
import { historyPageBytes } from "../../protocol/limits";
import type { Broker, ConnectionId, Draft, Entrance, NameClaim, Range } from "../broker/broker";
import type { Allowance } from "./allowance";
import { ChatError } from "./errors";
import type { Visitor } from "./identity";
import { numberedName, suggestNames } from "./names";
import type { RoomFounder } from "./room-founder";
import { isReserved } from "./room-ids";
import { skeleton } from "./skeleton";

export type Guest = { visitor: Visitor; connection: ConnectionId; locale: Locale };

/** How many names one try offers; all of them taken is rare up to thousands of members. */
const suggestions = 12;

const makeRoomId = customAlphabet("abcdefghijklmnopqrstuvwxyz0123456789", 12);

/** What a visitor may do in a room, whichever broker keeps it. */
export class Rooms {
  constructor(
    private readonly broker: Broker,
    private readonly founder: RoomFounder,
    private readonly allowances: { messages: Allowance; arrivals: Allowance; creations: Allowance },
    private readonly random: () => number = Math.random,
  ) {}

  /**
   * Under the name that is wanted, or a random one. The first to enter a post's room makes it. Throws
   * ChatError("name_taken") when somebody has the wanted name.
   */
  async enter(room: RoomId, guest: Guest, wanted?: NameClaim): Promise<Entrance> {
    this.allowances.arrivals.spend(guest.visitor.id);
    try {
      return await this.admit(room, guest, wanted);
    } catch (error) {
      const isMissing = error instanceof ChatError && error.code === "room_not_found";
      if (!isMissing || !(await this.founder.makeForPost(room))) throw error;
      return this.admit(room, guest, wanted);
    }
  }

  async post(room: RoomId, { visitor, connection }: Guest, draft: Draft): Promise<Receipt> {
    this.allowances.messages.spend(visitor.id);
    return this.broker.publish(room, connection, draft);
  }

  async create(visitor: Visitor, title: string, id: RoomId = makeRoomId()): Promise<Room> {
    if (isReserved(id)) throw new ChatError("bad_request", "This room id is reserved.");
    this.allowances.creations.spend(visitor.id);
    return this.founder.make({ id, title, kind: "public", owner: visitor.id });
  }

  async history(room: RoomId, range: Range): Promise<HistoryAnswer> {
    const { epoch, first, head, entries } = await this.broker.read(room, {
      ...range,
      maxBytes: historyPageBytes,
    });
    const oldest = entries[0]?.seq ?? head + 1;
    if (range.after === undefined) return { epoch, entries, more: entries.length > 0 && oldest > first };
    const end = Math.min(head, (range.before ?? head + 1) - 1);
    const newest = entries.at(-1)?.seq ?? end;
    const gap: Gap = { from: range.after + 1, to: Math.min(first - 1, end), reason: "trimmed" };
    return { epoch, entries, more: newest < end, ...(gap.from <= gap.to && { gap }) };
  }

  private async admit(room: RoomId, { visitor, connection, locale }: Guest, wanted?: NameClaim) {
    const enterAs = (names: NameClaim[]) =>
      this.broker.enter({ room, connection, visitor: visitor.id, names, ...(wanted && { wanted }) });
    const names = suggestNames(locale, suggestions, this.random);
    try {
      return await enterAs(names);
    } catch (error) {
      const isCrowded = error instanceof ChatError && error.code === "name_taken";
      if (!isCrowded || wanted !== undefined) throw error;
      return enterAs(names.map(({ name }) => this.numbered(name)));
    }
  }

  private numbered(name: string): NameClaim {
    const numbered = numberedName(name, 2 + Math.floor(this.random() * 9_998));
    return { name: numbered, skeleton: skeleton(numbered) };
  }
}
