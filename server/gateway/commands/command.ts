import type { Locale } from "../../../protocol/events";
import type { ConnectionId } from "../../broker/broker";
import type { Allowance } from "../../chat/allowance";
import type { Conversations } from "../../chat/conversations";
import type { Desks } from "../../chat/desks";
import type { Forgetting } from "../../chat/forgetting";
import type { HistoryPages } from "../../chat/history-pages";
import type { Visitor } from "../../chat/identity";
import type { NetworkBudget } from "../../chat/network-budget";
import type { Newcomers } from "../../chat/newcomers";
import type { RoomList } from "../../chat/room-list";
import type { Rooms } from "../../chat/rooms";
import type { Sessions } from "../../chat/sessions";
import type { Session } from "../../directory/accounts";
import type { Network } from "../../lib/network";
import type { Membership } from "../membership";
import type { CommandName, Inputs } from "../parse";

/** Who asks, over which connection, and the services that carry out the command. */
export type Asker = {
  visitor: Visitor;
  network: Network;
  session: Session;
  locale: Locale;
  connection: ConnectionId;
  membership: Membership;
  rooms: Rooms;
  roomList: RoomList;
  conversations: Conversations;
  desks: Desks;
  sessions: Sessions;
  forgetting: Forgetting;
  history: HistoryPages;
  /** Limits one visitor's rare and expensive commands. */
  rare: Record<"blocks" | "forgets", Allowance>;
  networks: NetworkBudget;
  newcomers: Newcomers;
};

/** `afterwards` is called once the answer is on its way, so that nothing overtakes it. */
export type Outcome = { answer: object; afterwards?: () => void };

/** Carries out one command whose shape has been checked. Throws ChatError. */
export type Handler<Name extends CommandName> = (asker: Asker, input: Inputs[Name]) => Promise<Outcome>;
