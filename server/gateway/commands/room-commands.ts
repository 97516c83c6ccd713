import { z } from "zod";
import { memberPagePattern } from "../../../protocol/limits";
import { ChatError } from "../../errors";
import { claimName } from "../../names/rules";
import { checkTitle } from "../check-text";
import { command } from "./command";
import { checkMaySpeak } from "./direct-commands";
import { feedCursor, roomId, wellFormedText } from "./fields";

export const roomCommands = {
  "room:join": command(
    z.object({ room: roomId, name: z.string().optional(), cursor: feedCursor.optional() }),
    async (context, { room, name, cursor }) => {
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
      await conversations.requests.joined(room, visitor.id);
      return { answer, afterwards: follow };
    },
  ),

  "room:leave": command(z.object({ room: roomId }), async ({ membership }, { room }) => {
    await membership.leave(room);
    return { answer: {} };
  }),

  "room:create": command(
    z.object({ room: roomId.optional(), title: wellFormedText }),
    async ({ rooms, ...caller }, { room, title }) => {
      return { answer: { room: await rooms.create(caller, checkTitle(title), room) } };
    },
  ),

  "room:list": command(z.object({}), async ({ roomList }) => ({
    answer: { rooms: await roomList.rooms() },
  })),

  "room:close": command(z.object({ room: roomId }), async ({ rooms, ...caller }, { room }) => {
    await rooms.close(room, caller);
    return { answer: {} };
  }),

  "member:list": command(
    z.object({ room: roomId, from: z.string().regex(memberPagePattern).optional() }),
    async ({ broker, membership, visitor, rareCommands }, { room, from }) => {
      rareCommands.memberPages.take(visitor.id);
      await membership.check(room);
      const { head, ...page } = await broker.membership.list(room, from);
      return { answer: { ...page, epoch: head.epoch, presenceSeq: head.seq } };
    },
  ),

  "name:change": command(
    z.object({ room: roomId, name: z.string().optional() }),
    async ({ rooms, conversations, ...caller }, input) => {
      const { room, name } = input;
      const wanted = name === undefined ? undefined : claimName(name);
      await checkMaySpeak({ conversations, ...caller }, room);
      const self = await rooms.rename(room, caller, wanted);
      return { answer: { self } };
    },
  ),

  "name:suggest": command(z.object({}), async ({ rooms, locale }) => ({
    answer: { names: rooms.suggestedNames(locale) },
  })),

  "typing:set": command(
    z.object({ room: roomId, typing: z.boolean() }),
    async ({ membership, ...context }, { room, typing }) => {
      if (typing) await checkMaySpeak({ membership, ...context }, room);
      await membership.setTyping(room, typing);
      return { answer: {} };
    },
  ),
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
