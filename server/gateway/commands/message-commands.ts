import { checkText } from "../parse";
import type { Handler } from "./command";

export const sendMessage: Handler<"message:send"> = async ({ rooms, ...guest }, input) => {
  const { room, clientMessageId, text, replyTo, since } = input;
  checkText(text);
  const draft = { clientMessageId, text, ...(replyTo && { replyTo }), ...(since && { since }) };
  return { answer: await rooms.post(room, guest, draft) };
};

export const removeMessage: Handler<"message:remove"> = async ({ rooms, ...guest }, { room, seq }) => {
  await rooms.remove(room, guest, seq);
  return { answer: {} };
};

export const readHistory: Handler<"history:read"> = async ({ rooms, membership }, input) => {
  const { room, before, after, limit } = input;
  await membership.check(room);
  const range = { limit, ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
  return { answer: await rooms.history(room, range) };
};
