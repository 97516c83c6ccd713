import type { Locale } from "../../../protocol/events";
import type { Session } from "../../accounts/account-store";
import type { Forgetting } from "../../accounts/forgetting";
import type { Visitor } from "../../accounts/identity";
import type { Sessions } from "../../accounts/sessions";
import type { ConnectionId } from "../../broker/broker";
import type { Conversations } from "../../direct/conversations";
import type { Inboxes } from "../../direct/inboxes";
import type { Network } from "../../lib/network";
import type { NetworkBudget } from "../../limits/network-budget";
import type { Newcomers } from "../../limits/newcomers";
import type { RateLimit } from "../../limits/rate-limit";
import type { HistoryPages } from "../../rooms/history-pages";
import type { RoomList } from "../../rooms/list";
import type { Rooms } from "../../rooms/rooms";
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
  inboxes: Inboxes;
  sessions: Sessions;
  forgetting: Forgetting;
  history: HistoryPages;
  /** Limits one visitor's rare and expensive commands. */
  rare: Record<"blocks" | "forgets", RateLimit>;
  networks: NetworkBudget;
  newcomers: Newcomers;
};

/** `afterwards` is called once the answer is on its way, so that nothing overtakes it. */
export type Outcome = { answer: object; afterwards?: () => void };

/** Carries out one command whose shape has been checked. Throws ChatError. */
export type Handler<Name extends CommandName> = (asker: Asker, input: Inputs[Name]) => Promise<Outcome>;
