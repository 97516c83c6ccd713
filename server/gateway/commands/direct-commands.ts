import type { Asker, Handler } from "./command";

export const openConversation: Handler<"direct:open"> = async (asker, { with: partner }) => {
  const { conversations, desks, visitor, network, networks, newcomers } = asker;
  const opened = await conversations.open(visitor.id, partner, async () => {
    await newcomers.mayBegin(visitor);
    await networks.take(network, "conversations");
  });
  // As the list has it: what changes from then on is told.
  const listed = (await desks.list(visitor.id)).find(({ room }) => room.id === opened.room.id);
  return { answer: { room: opened.room, partner: listed?.partner ?? opened.partner } };
};

export const listConversations: Handler<"direct:list"> = async ({ conversations, desks, visitor }) => {
  const { refuses, blocked } = await conversations.settings(visitor.id);
  return { answer: { conversations: await desks.list(visitor.id), refuse: refuses, blocked } };
};

export const readConversation: Handler<"direct:read"> = async ({ conversations, visitor }, { room, seq }) => {
  await conversations.read(room, visitor.id, seq);
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

/** Who is not in the room is told that, and not whether it might speak there. Throws ChatError("forbidden"). */
export async function maySpeak(
  { conversations, membership, visitor }: Pick<Asker, "conversations" | "membership" | "visitor">,
  room: string,
): Promise<void> {
  if (membership.isIn(room)) await conversations.permit(room, visitor.id);
}
