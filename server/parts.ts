import path from "node:path";
import { Accounts } from "./accounts/accounts";
import { Forgetting } from "./accounts/forgetting";
import { Identity } from "./accounts/identity";
import { Passwords } from "./accounts/passwords";
import { Quotas } from "./accounts/quotas";
import { Sessions } from "./accounts/sessions";
import { BuildAssets } from "./assets/build-assets";
import { readBuildFiles } from "./assets/build-files";
import type { Broker } from "./broker/broker";
import type { Config } from "./config";
import { Conversations } from "./direct/conversations";
import { Inboxes } from "./direct/inboxes";
import { SharedRooms } from "./direct/shared-rooms";
import { AccountRequests } from "./gateway/account-requests";
import type { AdmissionSettings } from "./gateway/admission";
import { Gateway } from "./gateway/gateway";
import { RefusalLog } from "./gateway/refusal-log";
import { systemClock } from "./lib/clock";
import type { Logger } from "./lib/logger";
import { NetworkBudget } from "./limits/network-budget";
import { NewVisitors } from "./limits/new-visitors";
import { Newcomers } from "./limits/newcomers";
import { Proofs } from "./limits/proofs";
import { RateLimit } from "./limits/rate-limit";
import { StoreSpace } from "./limits/store-space";
import type { Metrics } from "./metrics";
import {
  anyWaiting,
  blockRate,
  calmRate,
  commandRate,
  creationRate,
  endKeptMs,
  floodRates,
  forgetRate,
  handshakeRate,
  historyRates,
  joinRate,
  maxWaiting,
  networkRatesFor,
  newcomerLimits,
  openingRate,
  politeRefusalRate,
  questionRate,
  readingRate,
  renameRate,
  roomQuota,
  storeSteps,
  typingRate,
} from "./rates";
import { Activity } from "./rooms/activity";
import { RoomCounts } from "./rooms/counts";
import { RoomCreation } from "./rooms/creation";
import { CreationPolicy } from "./rooms/creation-policy";
import { HistoryPages } from "./rooms/history-pages";
import { RoomList } from "./rooms/list";
import { RoomQuota } from "./rooms/quota";
import { Rooms } from "./rooms/rooms";
import { RoomTitles } from "./rooms/titles";
import { readSitePosts, roomsOf, type SitePost, titlesOf } from "./site/posts";
import { openStores, type Stores } from "./stores";

/** What a running replica is made of. */
export type Parts = {
  stores: Pick<Stores, "close">;
  broker: Broker;
  assets: BuildAssets;
  activity: Activity;
  inboxes: Inboxes;
  sessions: Sessions;
  forgetting: Forgetting;
  gateway: Gateway;
  door: Pick<AdmissionSettings, "trustedProxyHops" | "connectionsPerAddress">;
  refusals: RefusalLog;
  counts: RoomCounts;
  accountRequests: AccountRequests;
  posts: readonly SitePost[];
};

/** Opens the stores and builds everything on them: the one place that knows who needs what. */
export function composeParts(config: Config, logger: Logger, metrics: Metrics): Parts {
  const stores = openStores(config, logger);
  const { broker, roomIndex, visitedRooms, conversationIndex, onlineVisitors } = stores;
  const sitePosts = readSitePosts();
  const posts = roomsOf(sitePosts);
  const activity = new Activity({ broker, roomIndex, clock: systemClock, logger });
  const limits = config.rateLimits;
  // Any bytes that all replicas share will do.
  const networkSecret = config.sessionKeys[0] ?? new Uint8Array();
  metrics.isStoreReachable(broker.isReachable());
  broker.onReachable(metrics.isStoreReachable);
  broker.onRewound(metrics.storeRewound);
  metrics.watchStore(() => broker.usedRatio());
  const space = new StoreSpace({ usedRatio: () => broker.usedRatio(), steps: storeSteps });
  const messages = new RateLimit(
    limits && { perSecond: limits.messagesPerSecond, burst: limits.messageBurst },
  );
  const places = new RoomQuota({ broker, roomIndex, quota: limits && roomQuota, clock: systemClock });
  const titles = new RoomTitles({
    broker,
    roomIndex,
    posts: titlesOf(sitePosts),
    confirmedAfterMs: roomQuota.confirmedAfterMs,
  });
  const networks = new NetworkBudget(
    { rates: stores.rates, clock: systemClock, logger },
    limits && { of: networkRatesFor(limits), secret: networkSecret },
  );
  const { rates, written } = stores;
  const proofs = new Proofs({ rates, clock: systemClock, logger }, networkSecret);
  const newVisitors = new NewVisitors({ networks, proofs });
  const newcomers = new Newcomers(
    { accounts: stores.accounts, written, clock: systemClock, logger },
    limits && newcomerLimits,
    endKeptMs,
  );
  const creation = new RoomCreation({ broker, roomIndex, posts, places, titles, networks });
  const identity = new Identity(config.sessionKeys);
  const sessions = new Sessions({ identity, accounts: stores.accounts, clock: systemClock, logger });
  const quotas = new Quotas(stores.quotas, limits && config.sessionKeys[0]);
  const accounts = new Accounts({
    sessions,
    identity,
    store: stores.accounts,
    quotas,
    passwords: new Passwords(),
    clock: systemClock,
    space,
  });
  const sharedRooms = new SharedRooms({ broker, visitedRooms });
  const inboxes = new Inboxes({
    broker,
    conversationIndex,
    onlineVisitors,
    sharedRooms,
    clock: systemClock,
    logger,
  });
  const openings = new RateLimit(limits && openingRate);
  const readings = new RateLimit(limits && readingRate);
  const conversations = new Conversations({
    broker,
    conversationIndex,
    onlineVisitors,
    visitedRooms,
    sharedRooms,
    openings,
    readings,
    space,
  });
  const forgetting = new Forgetting({
    broker,
    visitedRooms,
    roomIndex,
    conversationIndex,
    accounts,
    sessions,
    conversations,
    written,
    clock: systemClock,
    logger,
  });
  const settings: AdmissionSettings = {
    allowedOrigins: config.allowedOrigins,
    isOriginRequired: config.isOriginRequired,
    trustedProxyHops: config.trustedProxyHops,
    connectionsPerAddress: limits?.connectionsPerAddress,
  };
  const refusals = new RefusalLog({
    logger,
    clock: systemClock,
    secret: networkSecret,
    areAddressesLogged: config.areAddressesLogged,
  });
  const rooms = new Rooms(broker, creation, visitedRooms, {
    messages,
    joins: new RateLimit(limits && joinRate),
    creations: new RateLimit(limits && creationRate),
    renames: new RateLimit(limits && renameRate),
    typing: new RateLimit(limits && typingRate),
    calm: new RateLimit(limits && calmRate),
    newcomers,
    creators: new CreationPolicy(config.rooms, newcomers),
    networks,
    space,
  });
  const gateway = new Gateway(settings, {
    broker,
    rooms,
    roomList: new RoomList({
      broker,
      roomIndex,
      posts: sitePosts.map(({ room }) => room),
      hasVisitorRooms: config.rooms !== "off",
      clock: systemClock,
      logger,
    }),
    conversations,
    inboxes,
    delivered(room, entries) {
      metrics.delivered(entries.length);
      activity.appended(room, entries);
    },
    sessions,
    forgetting,
    history: new HistoryPages({ rooms, broker, clock: systemClock }, limits && historyRates),
    rareCommands: {
      blocks: new RateLimit(limits && blockRate),
      forgets: new RateLimit(limits && forgetRate),
    },
    networks,
    newcomers,
    newVisitors,
    handshakes: new RateLimit(limits && handshakeRate),
    politeRefusals: new RateLimit(limits && politeRefusalRate),
    commands: new RateLimit(limits && commandRate),
    floods: limits && floodRates,
    refusals,
    queueBounds: limits === undefined ? anyWaiting : maxWaiting,
    clock: systemClock,
    logger,
    metrics: metrics,
    random: Math.random,
  });
  const questions = new RateLimit(limits && questionRate);
  const counts = new RoomCounts({ broker, posts, questions, clock: systemClock });
  const accountRequests = new AccountRequests({
    accounts,
    settings,
    clock: systemClock,
    logger,
    refused: metrics.refused,
  });
  const assets = new BuildAssets({
    store: stores.assets,
    readFiles: () => readBuildFiles(path.join(/*turbopackIgnore: true*/ process.cwd(), ".next")),
    clock: systemClock,
    logger,
  });
  if (config.isProduction) whenReachable(broker, () => void assets.start());
  return {
    stores,
    broker,
    assets,
    activity,
    inboxes,
    sessions,
    forgetting,
    gateway,
    door: settings,
    refusals,
    counts,
    accountRequests,
    posts: sitePosts,
  };
}

/** Calls once: now, or when the broker first reaches its store. */
function whenReachable(broker: Broker, run: () => void): void {
  if (broker.isReachable()) {
    run();
    return;
  }
  const stop = broker.onReachable((isReachable) => {
    if (!isReachable) return;
    stop();
    run();
  });
}
