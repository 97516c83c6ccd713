import { roomSeenBy } from "../../broker/direct-rooms";
import type { Command, CommandName } from "../parse";
import type { CommandContext, Handler, Outcome } from "./command";
import {
  blockVisitor,
  dropConversation,
  listConversations,
  openConversation,
  readConversation,
  refuseConversations,
} from "./direct-commands";
import { readHistory, removeMessage, sendMessage } from "./message-commands";
import {
  changeName,
  closeRoom,
  createRoom,
  joinRoom,
  leaveRoom,
  listRooms,
  setTyping,
} from "./room-commands";
import { forgetVisitor } from "./visitor-commands";

/** Every command. A name in parse.ts without a handler here does not compile. */
const handlers: { [Name in CommandName]: Handler<Name> } = {
  "room:join": joinRoom,
  "room:leave": leaveRoom,
  "room:create": createRoom,
  "room:list": listRooms,
  "room:close": closeRoom,
  "name:change": changeName,
  "typing:set": setTyping,
  "message:send": sendMessage,
  "message:remove": removeMessage,
  "history:read": readHistory,
  "direct:open": openConversation,
  "direct:list": listConversations,
  "direct:read": readConversation,
  "direct:drop": dropConversation,
  "direct:refuse": refuseConversations,
  "visitor:block": blockVisitor,
  "visitor:forget": forgetVisitor,
};

/** Every command passes here, so past this point no visitor can name a conversation of others (C-5). */
export const carryOut = (context: CommandContext, { name, input }: Command): Promise<Outcome> =>
  // The compiler does not see that a command's input fits the handler of its own name.
  (handlers[name] as Handler<CommandName>)(context, seenBy(context, input));

const seenBy = ({ visitor }: CommandContext, input: Command["input"]): Command["input"] =>
  "room" in input && input.room !== undefined
    ? { ...input, room: roomSeenBy(visitor.id, input.room) }
    : input;
