import type { Member, RenameEntry, RoomId, VisitorId } from "../../../protocol/events";
import { maxListedMembers, memberPageSize } from "../../../protocol/limits";
import { ChatError } from "../../errors";
import type { Clock } from "../../lib/clock";
import type { NameClaim } from "../../names/skeleton";
import {
  type BrokerMembership,
  type ConnectionId,
  type Entrance,
  leaveGraces,
  type MemberPage,
  type MemberRequest,
} from "../membership";
import type { MemoryRooms } from "./rooms";

/**
 * Who is in the rooms of the embedded broker. Every method is one step: nothing in it waits between its first look at a room and
 * its last change.
 */
export class MemoryMembership implements BrokerMembership {
  private readonly departures = new Set<() => void>();
  private hasPlannedLeaves = false;

  constructor(
    private readonly rooms: MemoryRooms,
    private readonly clock: Clock,
    readonly graces = leaveGraces,
  ) {}

  /** Gives the members of an earlier process the time that a lost network has: then those that stay away leave. */
  awaitReturns(): void {
    this.planLeaves();
  }

  async enter(request: MemberRequest): Promise<Entrance> {
    await this.rooms.readable();
    const { room: id, connection, visitor, isReturn, role } = request;
    const room = this.rooms.opened(id);
    if (room.members.isKeptOut(connection)) throw new ChatError("banned");
    if (!isReturn) room.checkSpace();
    room.entries.makeReady();
    const wasIn = room.members.at(connection) !== undefined;
    const record = room.members.of(visitor) ?? room.presence.admit(request);
    room.members.setRole(record, role);
    room.members.connect(record, connection);
    const entrance = {
      room: room.fields,
      self: record.member,
      head: room.entries.cursor,
      memberCount: room.members.size,
      members: room.members.after(0, maxListedMembers).members,
    };
    try {
      await this.rooms.kept();
    } catch (error) {
      // Its client is told that it may not be in, and nothing else would ever take it out.
      if (!wasIn) room.presence.leave(connection);
      throw error;
    }
    return entrance;
  }

  async list(id: RoomId, from = "0"): Promise<MemberPage> {
    const room = this.rooms.opened(id);
    const { members, next } = room.members.after(Number(from), memberPageSize);
    const page = {
      head: room.entries.cursor,
      memberCount: room.members.size,
      members,
      ...(next !== undefined && { next: String(next) }),
    };
    await this.rooms.kept();
    return page;
  }

  async rename({ room: id, connection, visitor, names, wanted, role }: MemberRequest): Promise<Member> {
    const room = this.rooms.opened(id);
    room.entries.makeReady();
    const record = room.members.at(connection);
    if (record?.member.id !== visitor) throw new ChatError("not_joined");
    const { members } = room;
    const isFree = ({ skeleton }: NameClaim) => members.names.isFree(skeleton, visitor);
    const isOwn = ({ skeleton }: NameClaim) => skeleton === record.skeleton;
    const claim =
      wanted === undefined ? names.find(isFree) : [wanted].find((name) => isFree(name) || isOwn(name));
    if (claim === undefined) throw new ChatError("name_taken");
    const was = record.member.name;
    if (claim.name === was) return record.member;
    room.checkSpace();
    room.spendBudget();
    if (claim.skeleton !== record.skeleton) room.presence.holdName(record);
    members.rename(record, claim);
    members.setRole(record, role);
    const { member } = record;
    room.append<RenameEntry>({ kind: "rename", by: member, was });
    await this.rooms.kept();
    return member;
  }

  async leave(room: RoomId, connection: ConnectionId): Promise<void> {
    try {
      this.rooms.find(room)?.presence.leave(connection);
    } catch (error) {
      // Its connection is out already, so the same command again does nothing.
      this.planLeaves();
      throw error;
    }
    await this.rooms.kept();
  }

  async expel(room: RoomId, visitor: VisitorId): Promise<void> {
    await this.rooms.readable();
    this.rooms.opened(room).presence.expel(visitor);
    await this.rooms.kept();
  }

  depart(room: RoomId, connection: ConnectionId, graceMs: number): void {
    this.plan(graceMs, () => this.rooms.find(room)?.presence.leave(connection));
  }

  /** Call when the broker closes. */
  end(): void {
    for (const cancel of this.departures) cancel();
  }

  /** The members without a connection leave, as soon as their rooms can be read. */
  private planLeaves(): void {
    if (this.hasPlannedLeaves) return;
    this.hasPlannedLeaves = true;
    this.plan(this.graces.lostMs, async () => {
      this.hasPlannedLeaves = false;
      if (!(await this.rooms.leaveAbsent())) this.planLeaves();
    });
  }

  private plan(delayMs: number, run: () => void | Promise<void>): void {
    const cancel = this.clock.after(delayMs, async () => {
      this.departures.delete(cancel);
      try {
        await run();
      } catch (error) {
        // The file cannot be read now.
        if (!(error instanceof ChatError)) throw error;
        this.planLeaves();
      }
    });
    this.departures.add(cancel);
  }
}
