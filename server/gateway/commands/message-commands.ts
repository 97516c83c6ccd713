import { checkText, checkWeight } from "../parse";
import type { Handler } from "./command";
import { assertMaySpeak } from "./direct-commands";

export const sendMessage: Handler<"message:send"> = async ({ rooms, conversations, ...sender }, input) => {
  const { room, clientMessageId, text, replyTo, since } = input;
  checkWeight(text);
  const draft = { clientMessageId, text, ...(replyTo && { replyTo }), ...(since && { since }) };
  let isRequest = false;
  const receipt = await rooms.post(room, sender, draft, async () => {
    // Only after the rate: a refused text is not checked.
    checkText(text);
    isRequest = await assertMaySpeak({ conversations, ...sender }, room);
  });
  await conversations.messageSent(room, sender.visitor.id, receipt.at, isRequest);
  return { answer: receipt };
};

export const removeMessage: Handler<"message:remove"> = async (
  { rooms, conversations, ...sender },
  input,
) => {
  const { room, seq } = input;
  await rooms.remove(room, sender, seq);
  await conversations.messageRemoved(room);
  return { answer: {} };
};

export const readHistory: Handler<"history:read"> = async (
  { history, membership, visitor, network },
  input,
) => {
  const { room, before, after, limit } = input;
  await membership.check(room);
  const range = { limit, ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
  return { answer: await history.read({ visitor, network }, room, range) };
};
