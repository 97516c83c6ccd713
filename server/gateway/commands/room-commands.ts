import { claimName } from "../../chat/name-rules";
import { checkTitle } from "../parse";
import type { Handler } from "./command";

export const joinRoom: Handler<"room:join"> = async ({ membership }, { room, name, cursor }) => {
  const wanted = name === undefined ? undefined : claimName(name);
  const { answer, follow } = await membership.join({ room, ...(cursor && { cursor }) }, wanted);
  return { answer, afterwards: follow };
};

export const leaveRoom: Handler<"room:leave"> = async ({ membership }, { room }) => {
  await membership.leave(room);
  return { answer: {} };
};

export const createRoom: Handler<"room:create"> = async ({ rooms, visitor }, { room, title }) => {
  checkTitle(title);
  return { answer: { room: await rooms.create(visitor, title, room) } };
};

export const listRooms: Handler<"room:list"> = async ({ roomList }) => ({
  answer: { rooms: await roomList.rooms() },
});

export const closeRoom: Handler<"room:close"> = async ({ rooms, ...guest }, { room }) => {
  await rooms.close(room, guest);
  return { answer: {} };
};

export const changeName: Handler<"name:change"> = async ({ rooms, ...guest }, { room, name }) => {
  const wanted = name === undefined ? undefined : claimName(name);
  return { answer: { self: await rooms.rename(room, guest, wanted) } };
};

export const setTyping: Handler<"typing:set"> = async ({ membership }, { room, typing }) => {
  await membership.setTyping(room, typing);
  return { answer: {} };
};
