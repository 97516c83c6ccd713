import type { Member, VisitorId } from "../../../protocol/events";
import { ChatError } from "../../errors";
import type { NameClaim } from "../../names/skeleton";
import type { ConnectionId } from "../membership";
import { MemoryRoomNames } from "./room-names";
import type { RoomRows, SavedRoom } from "./room-rows";

/**
 * `busyUntil`: until when the member's own messages, at `paceOf` a second, count against its pace
 * (`BrokerFeed.publish`).
 */
export type MemberRecord = {
  member: Member;
  skeleton: string;
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

  /** `count` is called with the bytes by which all this grows or shrinks. */
  constructor(
    now: () => number,
    private readonly count: (bytes: number) => void,
    private readonly rows: RoomRows,
    saved: Pick<SavedRoom, "members" | "names" | "held">,
  ) {
    this.names = new MemoryRoomNames(now, count, rows, saved);
    for (const { id, name, skeleton } of saved.members) {
      this.add({ id, name }, skeleton);
      this.names.restore(id, skeleton);
    }
  }

  get size(): number {
    return this.records.size;
  }

  first(limit: number): Member[] {
    return [...this.records.values()].slice(0, limit).map(({ member }) => member);
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
  admit(visitor: VisitorId, names: NameClaim[], wanted?: NameClaim): MemberRecord {
    const claim = this.names.choose(visitor, names, wanted);
    const record = this.add({ id: visitor, name: claim.name }, claim.skeleton);
    this.names.take(visitor, claim);
    this.save(record);
    return record;
  }

  rename(record: MemberRecord, claim: NameClaim): void {
    const { id } = record.member;
    this.names.release(record.skeleton);
    record.member = { id, name: claim.name };
    record.skeleton = claim.skeleton;
    this.names.take(id, claim);
    this.save(record);
  }

  connect(record: MemberRecord, connection: ConnectionId): void {
    record.connections.add(connection);
    if (!this.visitors.has(connection)) this.count(connectionBytes);
    this.visitors.set(connection, record.member.id);
  }

  /** Returns the member if that was its last connection. */
  disconnect(connection: ConnectionId): MemberRecord | undefined {
    const record = this.at(connection);
    if (this.visitors.delete(connection)) this.count(-connectionBytes);
    record?.connections.delete(connection);
    return record?.connections.size === 0 ? record : undefined;
  }

  remove({ member, skeleton }: MemberRecord): void {
    this.records.delete(member.id);
    this.rows.removeMember(member.id);
    this.count(-memberBytes);
    this.names.release(skeleton);
  }

  /** Call when the room is closed. */
  clear(): void {
    for (const visitor of this.records.keys()) this.rows.removeMember(visitor);
    this.count(-this.records.size * memberBytes - this.visitors.size * connectionBytes);
    for (const gone of [this.records, this.visitors, this.names]) gone.clear();
  }

  private add(member: Member, skeleton: string): MemberRecord {
    const record = { member, skeleton, connections: new Set<ConnectionId>(), busyUntil: 0, paceOf: 0 };
    this.records.set(member.id, record);
    this.count(memberBytes);
    return record;
  }

  private save({ member, skeleton }: MemberRecord): void {
    this.rows.putMember({ ...member, skeleton });
  }
}
