import { z } from "zod";
import type { Conversation } from "../../../protocol/events";
import type { ConversationView } from "../../direct/conversation-view";
import type { Services } from "../services";
import { type CommandCaller, command } from "./command";
import { entrySeq, roomId, visitorId } from "./fields";

/** Of how many conversations `direct:list` tells the last text: each costs a read of its room. */
const mostTexts = 50;

const isRequest = ({ conversation: { request } }: ConversationView): boolean => request === "received";
const conversationIn = ({ conversation }: ConversationView): Conversation => conversation;

export const directCommands = {
  "direct:open": command(
    z.object({ with: visitorId }),
    async ({ conversations, inboxes, networks, newcomers }, { visitor, network }, { with: partner }) => {
      const { room, version, ...opened } = await conversations.open(visitor.id, partner, async () => {
        await newcomers.assertMayBegin(visitor);
        await networks.take(network, "conversations");
      });
      // Answer as the list has it: later changes are told against the list.
      const listed = await inboxes.conversationWith(visitor.id, partner, version);
      const { partner: known, request } = listed ?? opened;
      return { answer: { room, partner: known, ...(request && { request }) } };
    },
  ),

  "direct:list": command(
    z.object({ texts: z.boolean().optional() }),
    async ({ conversations, inboxes }, { visitor }, { texts = true }) => {
      const { refusesNew: refuse, blocked } = await conversations.blocking.settings(visitor.id);
      const all = await inboxes.views(visitor.id);
      const begun = all.filter((each) => !isRequest(each));
      const shown = (views: ConversationView[]) =>
        texts ? conversations.requests.withTexts(views) : views.map(conversationIn);
      const [latest, requests] = await Promise.all([
        shown(begun.slice(0, mostTexts)),
        shown(all.filter(isRequest)),
      ]);
      const others = begun.slice(mostTexts).map(conversationIn);
      return { answer: { conversations: [...latest, ...others], requests, refuse, blocked } };
    },
  ),

  "direct:read": command(
    z.object({ room: roomId, seq: entrySeq }),
    async ({ conversations }, { visitor }, { room, seq }) => {
      await conversations.read(room, visitor.id, seq);
      return { answer: {} };
    },
  ),

  "direct:drop": command(z.object({ room: roomId }), async ({ conversations }, { visitor }, { room }) => {
    await conversations.drop(room, visitor.id);
    return { answer: {} };
  }),

  "direct:refuse": command(
    z.object({ refuse: z.boolean() }),
    async ({ conversations }, { visitor }, input) => {
      await conversations.blocking.refuse(visitor.id, input.refuse);
      return { answer: {} };
    },
  ),

  "visitor:block": command(
    z.object({ visitor: visitorId, blocked: z.boolean() }),
    async ({ conversations, networks, rareCommands }, { visitor, network }, input) => {
      rareCommands.blocks.take(visitor.id);
      await networks.take(network, "blocks");
      await conversations.blocking.block(visitor.id, input.visitor, input.blocked);
      return { answer: {} };
    },
  ),
};

/**
 * Throws ChatError("forbidden") if the visitor may not speak in the conversation. `isOwnRequest`: the conversation is
 * still the visitor's own request. Checks nothing if the connection is surely not in the room: the broker then answers
 * not_joined, and the visitor does not learn whether it might speak there.
 */
export async function checkMaySpeak(
  { conversations }: Pick<Services, "conversations">,
  { membership, visitor }: Pick<CommandCaller, "membership" | "visitor">,
  room: string,
): Promise<{ isOwnRequest: boolean }> {
  if (!membership.mayBeIn(room)) return { isOwnRequest: false };
  return conversations.checkMaySpeak(room, visitor.id);
}
