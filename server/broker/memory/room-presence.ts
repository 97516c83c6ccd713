import type { VisitorId } from "../../../protocol/events";
import type { ConnectionId, MemberRequest } from "../membership";
import type { MemoryCrowdNotices } from "./crowd-notices";
import type { MemoryEntries } from "./entries";
import type { MemberRecord, RoomMembers } from "./room-members";

type RoomPresenceOptions = {
  members: RoomMembers;
  entries: MemoryEntries;
  crowdNotices: MemoryCrowdNotices;
};

/** Members come and go, each with its notice. */
export class RoomPresence {
  constructor(private readonly options: RoomPresenceOptions) {}

  admit(request: MemberRequest): MemberRecord {
    const { members, crowdNotices } = this.options;
    const record = members.admit(request);
    if (crowdNotices.join(record.member)) members.markJoinCounted(record);
    return record;
  }

  leave(connection: ConnectionId): void {
    const record = this.options.members.disconnect(connection);
    if (record !== undefined) this.remove(record);
  }

  /** Members of an earlier process that have not come back leave, at most so many. Returns whether there were any. */
  leaveAbsent(most: number): boolean {
    const leaving = this.options.members.absent.slice(0, most);
    for (const record of leaving) this.remove(record);
    return leaving.length > 0;
  }

  leaveAll(visitor: VisitorId): void {
    for (const connection of this.options.members.of(visitor)?.connections ?? []) this.leave(connection);
  }

  expel(visitor: VisitorId): void {
    const { members, entries } = this.options;
    entries.makeReady();
    for (const connection of members.of(visitor)?.connections ?? []) {
      this.leave(connection);
      members.keepOut(connection);
    }
  }

  /** ID-3c. Call before the member gives up its name. */
  holdName({ member, skeleton }: MemberRecord): void {
    const { members, entries } = this.options;
    members.names.hold(skeleton, member.id, entries.hasSpokenAs(member.id, member.name));
  }

  private remove(record: MemberRecord): void {
    this.holdName(record);
    this.options.members.remove(record);
    this.options.crowdNotices.leave(record.member, record.isJoinCounted);
  }
}
