import type { Conversation } from "../../../protocol/events";
import type { Asker, Handler } from "./command";

const isRequest = ({ request }: Conversation): boolean => request === "received";

export const openConversation: Handler<"direct:open"> = async (asker, { with: partner }) => {
  const { conversations, desks, visitor, network, networks, newcomers } = asker;
  const { room, ...opened } = await conversations.open(visitor.id, partner, async () => {
    await newcomers.mayBegin(visitor);
    await networks.take(network, "conversations");
  });
  // As the list has it: what changes from then on is told.
  const listed = (await desks.list(visitor.id)).find((each) => each.room.id === room.id);
  const { partner: known, request } = listed ?? opened;
  return { answer: { room, partner: known, ...(request && { request }) } };
};

export const listConversations: Handler<"direct:list"> = async ({ conversations, desks, visitor }) => {
  const { refuses, blocked } = await conversations.settings(visitor.id);
  const all = await desks.list(visitor.id);
  const requests = await conversations.withTexts(all.filter(isRequest));
  const answer = { conversations: all.filter((each) => !isRequest(each)), requests };
  return { answer: { ...answer, refuse: refuses, blocked } };
};

export const readConversation: Handler<"direct:read"> = async ({ conversations, visitor }, { room, seq }) => {
  await conversations.read(room, visitor.id, seq);
  return { answer: {} };
};

export const dropConversation: Handler<"direct:drop"> = async ({ conversations, visitor }, { room }) => {
  await conversations.drop(room, visitor.id);
  return { answer: {} };
};

export const refuseConversations: Handler<"direct:refuse"> = async ({ conversations, visitor }, input) => {
  await conversations.refuse(visitor.id, input.refuse);
  return { answer: {} };
};

export const blockVisitor: Handler<"visitor:block"> = async (asker, input) => {
  const { conversations, visitor, network, networks, rare } = asker;
  rare.blocks.spend(visitor.id);
  await networks.take(network, "blocks");
  await conversations.block(visitor.id, input.visitor, input.blocked);
  return { answer: {} };
};

/**
 * Who is not in the room is told that, and not whether it might speak there. Returns whether the visitor asks for the
 * conversation that it speaks in. Throws ChatError("forbidden").
 */
export async function maySpeak(
  { conversations, membership, visitor }: Pick<Asker, "conversations" | "membership" | "visitor">,
  room: string,
): Promise<boolean> {
  return membership.isIn(room) && conversations.permit(room, visitor.id);
}
