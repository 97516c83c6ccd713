import { z } from "zod";
import type { RoomId, VisitorId } from "../../../protocol/events";
import { isPublicRoom, isReservedRoom, maxSlowMs, memberPagePattern } from "../../../protocol/limits";
import { ChatError } from "../../errors";
import type { Moderation } from "../../moderation/moderation";
import { claimName } from "../../names/rules";
import { checkTitle, checkWelcome } from "../check-text";
import { command } from "./command";
import { checkMaySpeak } from "./direct-commands";
import { feedCursor, given, roomId, wellFormedText } from "./fields";

export const roomCommands = {
  "room:join": command(
    z.object({ room: roomId, name: z.string().optional(), cursor: feedCursor.optional() }),
    async ({ conversations, moderation }, { membership, visitor, network }, { room, cursor, ...input }) => {
      // A name is read by all, as a message is (O-4).
      const name = moderation.isMuted({ visitor, network }, room) ? undefined : input.name;
      const usual = name === undefined ? await conversations.usualName(room, visitor.id) : undefined;
      const enter = async (wanted?: string) => {
        const claim = wanted === undefined ? undefined : claimName(wanted);
        if (claim !== undefined) checkLine(moderation, visitor.id, room, claim.name);
        return membership.join({ room, ...(cursor && { cursor }) }, claim);
      };
      const { answer, follow } = await (usual === undefined
        ? enter(name)
        : enter(usual).catch(unlessRefused(enter)));
      await conversations.requests.joined(room, visitor.id);
      return { answer, afterwards: follow };
    },
  ),

  "room:leave": command(z.object({ room: roomId }), async (_, { membership }, { room }) => {
    await membership.leave(room);
    return { answer: {} };
  }),

  "room:create": command(
    z.object({ room: roomId.optional(), title: wellFormedText }),
    async ({ rooms, moderation }, caller, { room, title }) => {
      // A room of that id may have ended without a word, and its rules with it.
      const checked = checkTitle(title);
      moderation.guard.checkLine(caller.visitor.id, checked);
      const made = await rooms.create(caller, checked, room);
      await moderation.rules.ended(made.id);
      return { answer: { room: made } };
    },
  ),

  "room:list": command(z.object({}), async ({ roomList, moderation, rareCommands }, { visitor }) => {
    rareCommands.roomLists.take(visitor.id);
    const rooms = moderation.isAnywhereShadowed(visitor.id)
      ? await roomList.roomsFor(visitor.id, (id) => moderation.roomsOf(id))
      : await roomList.rooms();
    return { answer: { rooms: rooms.map((room) => moderation.rules.of(room)) } };
  }),

  "room:close": command(z.object({ room: roomId }), async ({ rooms, moderation }, caller, { room }) => {
    const { visitor } = caller;
    const isStaff = isPublicRoom(room) && moderation.roleOf(visitor.id) !== undefined;
    if (isStaff) {
      await rooms.end(await moderation.rules.openRoom(room), visitor.id);
      await moderation.note({ by: visitor.id, did: "room:close", room });
    } else await rooms.close(room, caller);
    await moderation.rules.ended(room);
    return { answer: {} };
  }),

  "member:list": command(
    z.object({ room: roomId, from: z.string().regex(memberPagePattern).optional() }),
    async ({ broker, moderation, rareCommands }, { membership, visitor }, { room, from }) => {
      rareCommands.memberPages.take(visitor.id);
      await membership.check(room);
      const { head, members, ...page } = await broker.membership.list(room, from);
      const listed = members.map((member) => moderation.withRole(member));
      return { answer: { ...page, members: listed, epoch: head.epoch, presenceSeq: head.seq } };
    },
  ),

  "room:rules": command(
    z.object({
      room: roomId,
      slowMs: z.number().int().min(0).max(maxSlowMs).optional(),
      writers: z.enum(["all", "settled", "moderators"]).optional(),
      links: z.enum(["all", "settled", "none"]).optional(),
      welcome: wellFormedText.nullable().optional(),
    }),
    async ({ moderation }, { visitor }, { welcome, ...input }) => {
      const said = welcome === undefined ? {} : { welcome: welcome && checkWelcome(welcome) };
      return { answer: { room: await moderation.rules.set(visitor.id, given({ ...input, ...said })) } };
    },
  ),

  "room:rename": command(
    z.object({ room: roomId, title: wellFormedText }),
    async ({ rooms, moderation }, { visitor, network }, { room, title }) => {
      const checked = checkTitle(title);
      const known = await moderation.rules.openRoom(room);
      if (known.owner !== visitor.id) moderation.roles.check(visitor.id);
      // The lobby and the rooms of posts have their titles from the site.
      if (isReservedRoom(room)) throw new ChatError("forbidden");
      moderation.guard.checkLine(visitor.id, checked);
      await rooms.retitle({ visitor, network }, known, checked);
      await moderation.rules.retitled(visitor.id, room);
      return { answer: { room: { ...known, title: checked } } };
    },
  ),

  "room:export": command(z.object({ room: roomId }), async ({ moderation }, { visitor }, { room }) => ({
    answer: { url: `/api/export/${await moderation.exports.offer(visitor.id, room)}` },
  })),

  "name:change": command(
    z.object({ room: roomId, name: z.string().optional() }),
    async (services, caller, input) => {
      const { room, name } = input;
      const wanted = name === undefined ? undefined : claimName(name);
      await checkMaySpeak(services, caller, room);
      if (wanted !== undefined) checkLine(services.moderation, caller.visitor.id, room, wanted.name);
      const self = await services.rooms.rename(room, caller, wanted);
      return { answer: { self } };
    },
  ),

  "name:suggest": command(z.object({}), async ({ rooms }, { locale }) => ({
    answer: { names: rooms.suggestedNames(locale) },
  })),

  "typing:set": command(
    z.object({ room: roomId, typing: z.boolean() }),
    async (services, caller, { room, typing }) => {
      if (typing) await checkMaySpeak(services, caller, room);
      await caller.membership.setTyping(room, typing);
      return { answer: {} };
    },
  ),
};

/** O-7. In a conversation the two are by themselves. */
function checkLine(
  { guard }: Pick<Moderation, "guard">,
  visitor: VisitorId,
  room: RoomId,
  name: string,
): void {
  if (isPublicRoom(room)) guard.checkLine(visitor, name);
}

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
