import type { RoomId, VisitorId } from "../../../../protocol/events";
import { maxListedMembers, memberPageSize } from "../../../../protocol/limits";
import { inParts } from "../../../lib/in-parts";
import type { NameClaim } from "../../../names/skeleton";
import type { Keys } from "../../../redis/keys";
import type { FeedLimits } from "../../feed";
import { type Entrance, keptNameMs, type MemberPage, type MemberRequest } from "../../membership";
import { busyMs, isCrowdNoticeWaiting, memberLine, readHead, readMember, readRoom, roleLine } from "../codec";
import type { BrokerEvents } from "../events";
import { appending, type RoomScript, type RoomScripts, type RunRoomScript } from "../room-scripts";
import type { ConnectionKey } from "./connection-key";

const includes = [...appending, "amend", "presence"];
const enter = {
  keys: ["keptName"],
  args: ["connectionKey", "visitor", "listed", "nameTtl", "isAskedFor", "role"],
  includes,
} as const;

const scripts = {
  enter,
  "enter-again": { ...enter, file: "enter", runsWhenFull: true },
  rename: {
    keys: ["keptName"],
    args: ["connectionKey", "visitor", "nameTtl", "isAskedFor", "role", "roomEachMs", "roomBurstMs"],
    includes,
  },
  leave: { args: ["most"], includes, runsWhenFull: true },
  "list-members": { args: ["from", "listed"] },
  expel: { args: ["visitor"], includes, runsWhenFull: true },
} as const satisfies Record<string, RoomScript>;

type MemberScriptsOptions = { scripts: RoomScripts; keys: Keys; limits: FeedLimits; events: BrokerEvents };

/** How many members leave in one step, which takes Redis some 30 ms: far less than a command's time-out. */
const leavingAtOnce = 200;

/** Calls the scripts that change who is in a room. Throws ChatError. */
export class MemberScripts {
  private readonly run: RunRoomScript<typeof scripts>;

  constructor(private readonly options: MemberScriptsOptions) {
    this.run = options.scripts.of(scripts);
  }

  async enter(
    request: MemberRequest,
    connectionKey: ConnectionKey,
  ): Promise<{ entrance: Entrance; claim: NameClaim }> {
    const { room, isReturn = false } = request;
    const reply = await this.run(isReturn ? "enter-again" : "enter", room, {
      args: { ...namingOf(request, connectionKey), listed: maxListedMembers },
      keys: { keptName: this.options.keys.keptName(room, request.visitor) },
      more: claimsOf(request),
    });
    const [fields, line, skeleton, memberCount, members] = reply as [
      string[],
      string,
      string,
      number,
      string[],
    ];
    const self = readMember(line);
    if (isCrowdNoticeWaiting(fields)) this.options.events.emit("crowdNoticeWaits", room);
    return {
      claim: { name: self.name, skeleton },
      entrance: {
        room: readRoom(fields),
        self,
        head: readHead(fields),
        memberCount,
        members: members.map(readMember),
      },
    };
  }

  /** Returns the visitor's name after the step. */
  async rename(request: MemberRequest, connectionKey: ConnectionKey): Promise<NameClaim> {
    const { keys, limits } = this.options;
    const [roomEachMs, roomBurstMs] = busyMs(limits.entryRate);
    const [line, skeleton] = (await this.run("rename", request.room, {
      args: { ...namingOf(request, connectionKey), roomEachMs, roomBurstMs },
      keys: { keptName: keys.keptName(request.room, request.visitor) },
      more: claimsOf(request),
    })) as [string, string];
    return { name: readMember(line).name, skeleton };
  }

  async list(room: RoomId, from: string): Promise<MemberPage> {
    const [epoch, seq, memberCount, members, next] = (await this.run("list-members", room, {
      args: { from, listed: memberPageSize },
    })) as [string, string, number, string[], string];
    const head = { epoch, seq: Number(seq) };
    return { head, memberCount, members: members.map(readMember), ...(next !== firstPage && { next }) };
  }

  /** A key that ends in a colon stands for every connection of that replica. */
  async leave(room: RoomId, connectionKeys: ConnectionKey[]): Promise<void> {
    for (const more of inParts(connectionKeys, leavingAtOnce)) {
      for (let isMore = 1; isMore === 1; ) {
        const reply = await this.run("leave", room, { args: { most: leavingAtOnce }, more });
        const [isNoticeWaiting, isLeft] = reply as [number, number];
        this.left(room, isNoticeWaiting);
        isMore = isLeft;
      }
    }
  }

  async expel(room: RoomId, visitor: VisitorId): Promise<void> {
    this.left(room, await this.run("expel", room, { args: { visitor } }));
  }

  private left(room: RoomId, isNoticeWaiting: unknown): void {
    if (isNoticeWaiting === 1) this.options.events.emit("crowdNoticeWaits", room);
  }
}

/** Where Redis's scans begin, and what it answers at their end. */
export const firstPage = "0";

const namingOf = ({ visitor, wanted, role }: MemberRequest, connectionKey: ConnectionKey) => ({
  connectionKey,
  visitor,
  nameTtl: keptNameMs,
  isAskedFor: wanted === undefined ? "" : "1",
  role: roleLine(role),
});

/** Pairs of skeleton and member as JSON, the most wanted first. */
const claimsOf = ({ visitor, names, wanted, role }: MemberRequest): string[] =>
  (wanted === undefined ? names : [wanted]).flatMap(({ name, skeleton }) => [
    skeleton,
    memberLine({ id: visitor, ...(role && { role }), name }),
  ]);
