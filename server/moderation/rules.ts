import type { Room, RoomId, RoomRules, RulesInput, VisitorId } from "../../protocol/events";
import { isPublicRoom, isReservedRoom } from "../../protocol/limits";
import type { Visitor } from "../accounts/identity";
import type { Broker } from "../broker/broker";
import { ChatError } from "../errors";
import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import { singleFlight } from "../lib/single-flight";
import { changesOf, type KnownState } from "./known-state";
import { hasLink } from "./links";
import type { Roles } from "./roles";

/** How often rules of rooms that have ended are looked for. */
const tidyEveryMs = 600_000;

export type RulesOptions = {
  known: KnownState;
  roles: Roles;
  broker: Broker;
  newcomers: { hasSettled(visitor: Visitor): Promise<boolean> };
  clock: Clock;
  logger: Logger;
};

const moderatorsWrite = "Only moderators write in this room.";
const settledWrite =
  "You can write in this room once you’ve been here for a while and have talked elsewhere.";
const noLinks = "Links aren’t allowed in this room.";
const settledLink = "You can post links in this room once you’ve been here for a while and have talked.";

/** O-5: the rules of public rooms. They bind no holder of a role. */
export class Rules {
  private readonly ofRooms = new Map<RoomId, RoomRules>();
  private readonly stopTidying: () => void;

  constructor(private readonly options: RulesOptions) {
    options.known.onChange(
      changesOf("room", (room, text) => {
        if (text === undefined) this.ofRooms.delete(room);
        else this.ofRooms.set(room, rulesIn(text));
      }),
    );
    const tidy = singleFlight(() => this.tidy());
    this.stopTidying = options.clock.every(tidyEveryMs, () => void tidy());
  }

  /** The room with its rules. */
  of<R extends Room>(room: R): R {
    const rules = this.ofRooms.get(room.id);
    return rules === undefined ? room : { ...room, rules };
  }

  /** Throws ChatError("forbidden") unless `by` has a role, ChatError("room_not_found") and ChatError("room_closed"). */
  async set(by: VisitorId, { room, ...input }: RulesInput): Promise<Room> {
    this.options.roles.check(by);
    await this.openRoom(room);
    const change = (text: string | undefined) => textOf(restricting({ ...rulesIn(text), ...input }));
    await this.options.known.amend(`room ${room}`, change, { by, did: "room:rules", room });
    return this.openRoom(room);
  }

  /** Lets all replicas tell the room's new title. A maker who renames its own room is no moderator: no log has it. */
  retitled(by: VisitorId, room: RoomId): Promise<void> {
    const isStaff = this.options.roles.of(by) !== undefined;
    return this.options.known.touch(`room ${room}`, isStaff ? { by, did: "room:rename", room } : undefined);
  }

  /** Call when a room has ended: one that is made under its id later has no rules. */
  async ended(room: RoomId): Promise<void> {
    if (this.ofRooms.has(room) && !isReservedRoom(room))
      await this.options.known.write([{ subject: `room ${room}`, text: undefined }]);
  }

  /** Throws ChatError("read_only") if the rules let the visitor not write this text there, and as `hasSettled` does. */
  async check(visitor: Visitor, room: RoomId, text: string): Promise<void> {
    const rules = this.bindingOn(visitor.id, room);
    if (rules === undefined) return;
    if (rules.writers === "moderators") throw new ChatError("read_only", moderatorsWrite);
    const { newcomers } = this.options;
    if (rules.writers === "settled" && !(await newcomers.hasSettled(visitor)))
      throw new ChatError("read_only", settledWrite);
    if (rules.links === undefined || !hasLink(text)) return;
    if (rules.links === "none") throw new ChatError("read_only", noLinks);
    if (!(await newcomers.hasSettled(visitor))) throw new ChatError("read_only", settledLink);
  }

  /** How long the visitor has to wait between two messages there; undefined without a rule. */
  slowMs(visitor: VisitorId, room: RoomId): number | undefined {
    return this.bindingOn(visitor, room)?.slowMs;
  }

  close(): void {
    this.stopTidying();
  }

  /** Throws ChatError("room_not_found") and ChatError("room_closed"). */
  async openRoom(room: RoomId): Promise<Room> {
    const [summary] = isPublicRoom(room) ? await this.options.broker.rooms.summaries([room]) : [];
    if (summary === undefined) throw new ChatError("room_not_found");
    if (summary.closed) throw new ChatError("room_closed");
    const { id, title, kind, createdAt, closed, owner } = summary;
    return this.of({ id, title, kind, createdAt, closed, ...(owner !== undefined && { owner }) });
  }

  private bindingOn(visitor: VisitorId, room: RoomId): RoomRules | undefined {
    const rules = this.ofRooms.get(room);
    return rules !== undefined && this.options.roles.of(visitor) === undefined ? rules : undefined;
  }

  /** Rooms that expire do so in silence. */
  private async tidy(): Promise<void> {
    const rooms = [...this.ofRooms.keys()].filter((room) => !isReservedRoom(room));
    if (rooms.length === 0) return;
    try {
      const summaries = await this.options.broker.rooms.summaries(rooms);
      for (const [index, room] of rooms.entries()) if (summaries[index] === undefined) await this.ended(room);
    } catch (error) {
      this.options.logger.debug({ err: error }, "could not tidy the rules of rooms; trying again");
    }
  }
}

/** Only what restricts something, or says something. */
function restricting({ slowMs, writers, links, welcome }: Omit<RulesInput, "room">): RoomRules {
  return {
    ...(slowMs && { slowMs }),
    ...(writers && writers !== "all" && { writers }),
    ...(links && links !== "all" && { links }),
    ...(welcome && { welcome }),
  };
}

// Only `set` writes these texts.
const rulesIn = (text: string | undefined): RoomRules =>
  text === undefined ? {} : (JSON.parse(text) as RoomRules);

const textOf = (rules: RoomRules): string | undefined =>
  Object.keys(rules).length === 0 ? undefined : JSON.stringify(rules);
