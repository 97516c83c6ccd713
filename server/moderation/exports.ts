import { createHash, randomBytes } from "node:crypto";
import type { RoomId, VisitorId } from "../../protocol/events";
import { ChatError } from "../errors";
import { recordKeys } from "../records/keys";
import { valueAt } from "../records/kinds";
import type { Records } from "../records/records";
import type { NewAct } from "./acts";
import type { Roles } from "./roles";
import type { Rules } from "./rules";

/** O-10. */
export const exportMs = 10 * 60_000;

/** The room, and the reader: a room's maker is not given messages that are withheld from it. */
export type Export = { room: RoomId; by: VisitorId; isStaff: boolean };

type ExportsOptions = {
  records: Records;
  roles: Roles;
  rules: Rules;
  note(act: NewAct): Promise<void>;
};

/** O-10: links by which a room's history is fetched once. The store has only their digests. */
export class Exports {
  constructor(private readonly options: ExportsOptions) {}

  /** Returns the link's token. Throws ChatError("forbidden") unless the visitor is the owner or the room's maker. */
  async offer(by: VisitorId, room: RoomId): Promise<string> {
    const { records, roles, rules, note } = this.options;
    const { owner } = await rules.openRoom(room);
    const isStaff = roles.of(by) === "owner";
    if (!isStaff && owner !== by) throw new ChatError("forbidden");
    const token = randomBytes(24).toString("base64url");
    const offered: Export = { room, by, isStaff };
    await records.write([recordOf(token).put(JSON.stringify(offered), exportMs)], { evenWhenFull: true });
    if (isStaff) await note({ by, did: "room:export", room });
    return token;
  }

  /** Takes the link. Throws ChatError("expired") for every kind of token that is not good. */
  async take(token: string): Promise<Export> {
    const [text] = await this.options.records.write([recordOf(token).take()]);
    if (text === undefined) throw new ChatError("expired", "This link has been used, or has expired.");
    // Only `offer` writes these.
    return JSON.parse(text) as Export;
  }
}

const recordOf = (token: string) =>
  valueAt(recordKeys.moderation.export(createHash("sha256").update(token).digest("base64url")));
