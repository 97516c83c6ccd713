import type { ServerToClient } from "../../protocol/events";
import type { Replica } from "./replica";
import type { VisitorOptions } from "./wire-socket";
import type { WireVisitor } from "./wire-visitor";

type Connect = (options: VisitorOptions) => Promise<WireVisitor>;
type Change = Parameters<ServerToClient["direct:changed"]>[0];

/** Two visitors, each on its own replica, under the names that they used in the lobby. */
export async function meet(connect: Connect, [one, other]: Replica[]) {
  const ann = await connect({ url: (one as Replica).url });
  const ben = await connect({ url: (other as Replica).url });
  for (const [visitor, name] of [
    [ann, "Ann of the north"],
    [ben, "Ben of the south"],
  ] as const) {
    await visitor.must("room:join", { room: "lobby", name });
    await visitor.must("room:leave", { room: "lobby" });
  }
  return { ann, ben };
}

/** Opens the conversation of the two, and resolves with its room id. */
export const open = async (visitor: WireVisitor, partner: WireVisitor) =>
  (await visitor.must("direct:open", { with: partner.id })).room.id;

/** The same, and waits until the partner has opened it, too, and the visitor sees the partner online. */
export async function openBoth(visitor: WireVisitor, partner: WireVisitor): Promise<string> {
  const room = await open(visitor, partner);
  await open(partner, visitor);
  await visitor.event("presence:changed", ({ visitor: id, online }) => id === partner.id && online);
  return room;
}

export const changesOf = (visitor: WireVisitor, room: string) =>
  visitor.events
    .filter(({ name, body }) => name === "direct:changed" && (body as Change).room === room)
    .map(({ body }) => body as Change);

/** Waits for the event that reports this many unread messages. */
export const unreadIs = (visitor: WireVisitor, room: string, unread: number) =>
  visitor.waitFor(`${unread} unread`, () => changesOf(visitor, room).at(-1)?.unread === unread);
