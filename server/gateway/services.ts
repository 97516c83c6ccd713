import type { Entry, RoomId, WireError } from "../../protocol/events";
import type { Locale } from "../../protocol/locales";
import type { Forgetting } from "../accounts/forgetting";
import type { Sessions } from "../accounts/sessions";
import type { Broker } from "../broker/broker";
import type { Conversations } from "../direct/conversations";
import type { Inboxes } from "../direct/inboxes";
import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import type { Reach } from "../lib/reach";
import type { NetworkBudget } from "../limits/network-budget";
import type { NewVisitors } from "../limits/new-visitors";
import type { Newcomers } from "../limits/newcomers";
import type { RateLimit } from "../limits/rate-limit";
import type { Moderation } from "../moderation/moderation";
import type { ActivityCounts } from "../oversight/activity-counts";
import type { Overviews } from "../oversight/overview";
import type { StaffFeed } from "../oversight/staff-feed";
import type { Visitors } from "../oversight/visitors";
import type { HistoryPages } from "../rooms/history-pages";
import type { RoomList } from "../rooms/list";
import type { Rooms } from "../rooms/rooms";
import type { QueueBounds } from "./command-queue";
import type { FloodRates } from "./flood-meter";
import type { RefusalLog } from "./refusal-log";

/**
 * What the edge works with. The gateway hands it to each connection, and a connection to its commands: a new service is
 * added here and in server/parts/, and taken where it is used.
 */
export type Services = {
  broker: Broker;
  /** Whether the parts of the store answer that every command needs. */
  store: Reach;
  rooms: Rooms;
  roomList: RoomList;
  conversations: Conversations;
  inboxes: Inboxes;
  sessions: Sessions;
  forgetting: Forgetting;
  moderation: Moderation;
  /** What the owner and moderators see of the whole site. */
  oversight: { overviews: Overviews; feed: StaffFeed; visitors: Visitors };
  counting: Pick<ActivityCounts, "counting">;
  history: HistoryPages;
  networks: NetworkBudget;
  newcomers: Newcomers;
  newVisitors: NewVisitors;
  /** Limits how often one token may connect. */
  handshakes: RateLimit;
  /** Limits the handshakes of a refused network that are told why. */
  politeRefusals: RateLimit;
  /** Limits one visitor's commands of every kind. */
  commandRate: RateLimit;
  /** Limits one visitor's rare and expensive commands. */
  rareCommands: Record<"blocks" | "forgets" | "memberPages" | "roomLists" | "searches", RateLimit>;
  /** What makes a connection a flood; undefined: nothing does. */
  floods: FloodRates | undefined;
  /** How much one connection may have queued; more is refused. */
  queueBounds: QueueBounds;
  refusals: RefusalLog;
  metrics: GatewayMetrics;
  /** Called with the entries that this replica delivers. */
  delivered(room: RoomId, entries: Entry[]): void;
  /** Of visitors whose client names none. */
  siteLanguage: Locale;
  clock: Clock;
  logger: Logger;
  random: () => number;
};

export type GatewayMetrics = {
  connected(change: 1 | -1): void;
  refused(error: WireError): void;
  /** Called when a connection was closed because it did not read. */
  closedSlow(): void;
  /** Called when a connection was closed for a flood. */
  closedFlood(): void;
  /** How long a command took, from its arrival to its answer. */
  commandTook(command: string, tookMs: number): void;
  /** How many connections were asked to move to replicas with fewer. */
  moved(connections: number): void;
  /** Sets the function that tells how many connections are slow, and how many bytes have not left this process. */
  watchUnsent(ask: () => { slow: number; bytes: number }): void;
};
