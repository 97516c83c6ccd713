import type { Member, Role, VisitorId } from "../../../protocol/events";
import { ChatError } from "../../errors";
import type { NameClaim } from "../../names/skeleton";
import type { ConnectionId, MemberRequest } from "../membership";
import { MemoryRoomNames } from "./room-names";
import type { RoomRows } from "./room-rows";
import type { SavedRoom } from "./saved-room";

/**
 * `arrival`: how many members the room had let in when it let this one in. `busyUntil`: until when the member's own
 * messages, at `paceOf` a second, count against its pace (`BrokerFeed.publish`). `isJoinCounted`: its join has no entry of
 * its own, and so its leave gets none (F-4).
 */
export type MemberRecord = {
  member: Member;
  arrival: number;
  skeleton: string;
  isJoinCounted: boolean;
  connections: Set<ConnectionId>;
  busyUntil: number;
  paceOf: number;
};

/** Bytes of a member with its name, and of a connection: measured, rounded up. */
const [memberBytes, connectionBytes] = [1_000, 150];

/** The members of one room of the embedded broker, with their connections and names. */
export class RoomMembers {
  readonly names: MemoryRoomNames;
  private readonly records = new Map<VisitorId, MemberRecord>();
  private readonly visitors = new Map<ConnectionId, VisitorId>();
  private arrivals = 0;
  /** Of members that have left, as long as their own messages count against their pace. */
  private readonly paces = new Map<VisitorId, Pick<MemberRecord, "busyUntil" | "paceOf">>();
  /** Connections that were expelled, until they depart. */
  private readonly keptOut = new Set<ConnectionId>();

  /** `count` is called with the bytes by which all this grows or shrinks. */
  constructor(
    private readonly now: () => number,
    private readonly count: (bytes: number) => void,
    private readonly rows: RoomRows,
    saved: Pick<SavedRoom, "members" | "names" | "held">,
  ) {
    this.names = new MemoryRoomNames(now, count, rows, saved);
    for (const { id, name, skeleton, isJoinCounted = false } of saved.members) {
      this.add({ id, name }, skeleton).isJoinCounted = isJoinCounted;
      this.names.restore(id, skeleton);
    }
  }

  get size(): number {
    return this.records.size;
  }

  /** The first members that came after `arrival`, and the arrival of the last of them if there are more. */
  after(arrival: number, limit: number): { members: Member[]; next?: number } {
    const page: MemberRecord[] = [];
    for (const record of this.records.values()) {
      if (record.arrival <= arrival) continue;
      const last = page.at(-1);
      if (last !== undefined && page.length === limit)
        return { members: membersOf(page), next: last.arrival };
      page.push(record);
    }
    return { members: membersOf(page) };
  }

  /** The members without a connection: those of an earlier process that have not come back. */
  get absent(): MemberRecord[] {
    return [...this.records.values()].filter(({ connections }) => connections.size === 0);
  }

  of(visitor: VisitorId): MemberRecord | undefined {
    return this.records.get(visitor);
  }

  at(connection: ConnectionId): MemberRecord | undefined {
    const visitor = this.visitors.get(connection);
    return visitor === undefined ? undefined : this.records.get(visitor);
  }

  /** Throws ChatError("not_joined"). */
  inside(connection: ConnectionId): MemberRecord {
    const record = this.at(connection);
    if (record === undefined) throw new ChatError("not_joined");
    return record;
  }

  /** Makes the visitor a member. Throws ChatError("name_taken"). */
  admit({ visitor, names, wanted, role }: MemberRequest): MemberRecord {
    const claim = this.names.choose(visitor, names, wanted);
    const record = this.add(memberOf(visitor, claim.name, role), claim.skeleton);
    this.names.take(visitor, claim);
    this.save(record);
    return record;
  }

  rename(record: MemberRecord, claim: NameClaim): void {
    this.names.release(record.skeleton);
    const { id } = record.member;
    record.member = { ...record.member, name: claim.name };
    record.skeleton = claim.skeleton;
    this.names.take(id, claim);
    this.save(record);
  }

  markJoinCounted(record: MemberRecord): void {
    record.isJoinCounted = true;
    this.save(record);
  }

  connect(record: MemberRecord, connection: ConnectionId): void {
    record.connections.add(connection);
    if (!this.visitors.has(connection)) this.count(connectionBytes);
    this.visitors.set(connection, record.member.id);
  }

  keepOut(connection: ConnectionId): void {
    this.keptOut.add(connection);
  }

  isKeptOut(connection: ConnectionId): boolean {
    return this.keptOut.has(connection);
  }

  /** Returns the member if that was its last connection. */
  disconnect(connection: ConnectionId): MemberRecord | undefined {
    this.keptOut.delete(connection);
    const record = this.at(connection);
    if (this.visitors.delete(connection)) this.count(-connectionBytes);
    record?.connections.delete(connection);
    return record?.connections.size === 0 ? record : undefined;
  }

  remove({ member, skeleton, busyUntil, paceOf }: MemberRecord): void {
    this.keepPace(member.id, { busyUntil, paceOf });
    this.records.delete(member.id);
    this.rows.removeMember(member.id);
    this.count(-memberBytes);
    this.names.release(skeleton);
  }

  private keepPace(visitor: VisitorId, pace: Pick<MemberRecord, "busyUntil" | "paceOf">): void {
    const now = this.now();
    for (const [other, { busyUntil }] of this.paces) if (busyUntil <= now) this.paces.delete(other);
    if (pace.busyUntil > now) this.paces.set(visitor, pace);
  }

  /** Call before the member's next entry is written. */
  setRole(record: MemberRecord, role: Role | undefined): void {
    const { id, name } = record.member;
    if (record.member.role !== role) record.member = memberOf(id, name, role);
  }

  /** Call when the room is closed. */
  clear(): void {
    for (const visitor of this.records.keys()) this.rows.removeMember(visitor);
    this.count(-this.records.size * memberBytes - this.visitors.size * connectionBytes);
    for (const gone of [this.records, this.visitors, this.names]) gone.clear();
  }

  private add(member: Member, skeleton: string): MemberRecord {
    this.arrivals += 1;
    const { arrivals: arrival } = this;
    const pace = this.paces.get(member.id) ?? { busyUntil: 0, paceOf: 0 };
    const connections = new Set<ConnectionId>();
    const record = { member, arrival, skeleton, isJoinCounted: false, connections, ...pace };
    this.records.set(member.id, record);
    this.count(memberBytes);
    return record;
  }

  private save({ member, skeleton, isJoinCounted }: MemberRecord): void {
    this.rows.putMember({ ...member, skeleton, ...(isJoinCounted && { isJoinCounted }) });
  }
}

const membersOf = (records: readonly MemberRecord[]): Member[] => records.map(({ member }) => member);

const memberOf = (id: VisitorId, name: string, role: Role | undefined): Member => ({
  id,
  ...(role && { role }),
  name,
});
