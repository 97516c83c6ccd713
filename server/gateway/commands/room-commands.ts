import { ChatError } from "../../errors";
import { claimName } from "../../names/rules";
import { checkTitle } from "../parse";
import type { Handler } from "./command";
import { assertMaySpeak } from "./direct-commands";

export const joinRoom: Handler<"room:join"> = async (context, { room, name, cursor }) => {
  const { membership, conversations, visitor } = context;
  const usual = name === undefined ? await conversations.usualName(room, visitor.id) : undefined;
  const enter = async (wanted?: string) =>
    membership.join(
      { room, ...(cursor && { cursor }) },
      wanted === undefined ? undefined : claimName(wanted),
    );
  const { answer, follow } = await (usual === undefined
    ? enter(name)
    : enter(usual).catch(unlessRefused(enter)));
  await conversations.joined(room, visitor.id);
  return { answer, afterwards: follow };
};

export const leaveRoom: Handler<"room:leave"> = async ({ membership }, { room }) => {
  await membership.leave(room);
  return { answer: {} };
};

export const createRoom: Handler<"room:create"> = async ({ rooms, ...sender }, { room, title }) => {
  return { answer: { room: await rooms.create(sender, checkTitle(title), room) } };
};

export const listRooms: Handler<"room:list"> = async ({ roomList }) => ({
  answer: { rooms: await roomList.rooms() },
});

export const closeRoom: Handler<"room:close"> = async ({ rooms, ...sender }, { room }) => {
  await rooms.close(room, sender);
  return { answer: {} };
};

export const changeName: Handler<"name:change"> = async ({ rooms, conversations, ...sender }, input) => {
  const { room, name } = input;
  const wanted = name === undefined ? undefined : claimName(name);
  await assertMaySpeak({ conversations, ...sender }, room);
  const self = await rooms.rename(room, sender, wanted);
  return { answer: { self } };
};

export const setTyping: Handler<"typing:set"> = async ({ membership, ...context }, { room, typing }) => {
  if (typing) await assertMaySpeak({ membership, ...context }, room);
  await membership.setTyping(room, typing);
  return { answer: {} };
};

/**
 * Joins under a random name if the visitor's usual one is refused: the partner may have it, or it is reserved by now.
 */
const unlessRefused =
  <T>(enter: () => Promise<T>) =>
  (error: unknown): Promise<T> => {
    if (error instanceof ChatError && (error.code === "name_taken" || error.code === "bad_request"))
      return enter();
    throw error;
  };
