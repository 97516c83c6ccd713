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
import { type Clock, systemClock } from "./lib/clock";
import type { Logger } from "./lib/logger";
import type { Rate } from "./lib/rate";
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
  reserveRate,
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
  admission: Pick<AdmissionSettings, "trustedProxyHops" | "connectionsPerAddress">;
  refusals: RefusalLog;
  counts: RoomCounts;
  accountRequests: AccountRequests;
  posts: readonly SitePost[];
};

/** What every part may need. */
type Base = {
  config: Config;
  metrics: Metrics;
  logger: Logger;
  clock: Clock;
  stores: Stores;
  posts: readonly SitePost[];
  /** Any bytes that all replicas share will do. */
  networkSecret: Uint8Array;
};

/** Opens the stores and builds everything on them: this file alone knows who needs what. */
export function composeParts(config: Config, logger: Logger, metrics: Metrics): Parts {
  const base: Base = {
    config,
    metrics,
    logger,
    clock: systemClock,
    stores: openStores(config, logger),
    posts: readSitePosts(),
    networkSecret: config.sessionKeys[0] ?? new Uint8Array(),
  };
  reportStore(base);
  const limits = composeLimits(base);
  const visitors = composeVisitors(base, limits);
  const rooms = composeRooms(base, limits);
  const direct = composeDirect(base, limits);
  const forgetting = new Forgetting({ ...base, ...base.stores, ...visitors, ...direct });
  const { stores, posts } = base;
  return {
    stores,
    broker: stores.broker,
    assets: composeAssets(base),
    ...rooms,
    ...direct,
    ...visitors,
    forgetting,
    ...composeGateway(base, { ...limits, ...visitors, ...rooms, ...direct, forgetting }),
    posts,
  };
}

/** A rate for each visitor, unless the settings switch all limits off. */
const rateOf = ({ config }: Base, rate: Rate): RateLimit => new RateLimit(config.rateLimits && rate);

function reportStore({ metrics, stores: { broker } }: Base): void {
  metrics.isStoreReachable(broker.isReachable());
  broker.onReachable(metrics.isStoreReachable);
  broker.onRewound(metrics.storeRewound);
  metrics.watchStore(() => broker.usedRatio());
}

/** What visitors and networks may do, and what a full store refuses. */
function composeLimits(base: Base) {
  const { config, clock, logger, stores, networkSecret } = base;
  const { broker, rates, written } = stores;
  const limits = config.rateLimits;
  const networks = new NetworkBudget(
    { rates, clock, logger },
    limits && { of: networkRatesFor(limits), secret: networkSecret },
  );
  return {
    networks,
    newVisitors: new NewVisitors({ networks, proofs: new Proofs({ rates, clock, logger }, networkSecret) }),
    newcomers: new Newcomers(
      { accounts: stores.accounts, written, clock, logger },
      limits && newcomerLimits,
      endKeptMs,
    ),
    space: new StoreSpace({ usedRatio: () => broker.usedRatio(), steps: storeSteps }),
  };
}
type Limits = ReturnType<typeof composeLimits>;

function composeVisitors({ config, clock, logger, stores }: Base, { space }: Limits) {
  const identity = new Identity(config.sessionKeys);
  const sessions = new Sessions({ identity, accounts: stores.accounts, clock, logger });
  const quotas = new Quotas(stores.quotas, config.rateLimits && config.sessionKeys[0]);
  const passwords = new Passwords();
  const accounts = new Accounts({
    sessions,
    identity,
    store: stores.accounts,
    quotas,
    passwords,
    clock,
    space,
  });
  return { sessions, accounts };
}

function composeRooms(base: Base, { networks, newcomers, space }: Limits) {
  const { config, clock, logger, stores } = base;
  const { broker, roomIndex, visitedRooms } = stores;
  const limits = config.rateLimits;
  const posts = roomsOf(base.posts);
  const quota = new RoomQuota({ broker, roomIndex, limits: limits && roomQuota, clock });
  const { confirmedAfterMs } = roomQuota;
  const titles = new RoomTitles({ broker, roomIndex, posts: titlesOf(base.posts), confirmedAfterMs });
  const creation = new RoomCreation({ broker, roomIndex, posts, quota, titles, networks });
  const messages = limits && { perSecond: limits.messagesPerSecond, burst: limits.messageBurst };
  const rooms = new Rooms(broker, creation, visitedRooms, {
    messages: new RateLimit(messages),
    joins: rateOf(base, joinRate),
    creations: rateOf(base, creationRate),
    renames: rateOf(base, renameRate),
    typing: rateOf(base, typingRate),
    reserve: rateOf(base, reserveRate),
    newcomers,
    creators: new CreationPolicy(config.rooms, newcomers),
    networks,
    space,
  });
  return {
    rooms,
    roomList: new RoomList({
      broker,
      roomIndex,
      posts: base.posts.map(({ room }) => room),
      hasVisitorRooms: config.rooms !== "off",
      clock,
      logger,
    }),
    history: new HistoryPages({ rooms, broker, clock }, limits && historyRates),
    counts: new RoomCounts({ broker, posts, questions: rateOf(base, questionRate), clock }),
    activity: new Activity({ broker, roomIndex, clock, logger }),
  };
}

function composeDirect(base: Base, { space }: Limits) {
  const { clock, logger, stores } = base;
  const sharedRooms = new SharedRooms(stores);
  const openings = rateOf(base, openingRate);
  const readings = rateOf(base, readingRate);
  return {
    inboxes: new Inboxes({ ...stores, sharedRooms, clock, logger }),
    conversations: new Conversations({ ...stores, sharedRooms, openings, readings, space }),
  };
}

type Composed = Limits &
  ReturnType<typeof composeVisitors> &
  ReturnType<typeof composeRooms> &
  ReturnType<typeof composeDirect> & { forgetting: Forgetting };

/** The edge: the chat's sockets, and the accounts' requests. */
function composeGateway(base: Base, composed: Composed) {
  const { config, clock, logger, metrics, networkSecret } = base;
  const { allowedOrigins, isOriginRequired, trustedProxyHops, areAddressesLogged } = config;
  const limits = config.rateLimits;
  const { connectionsPerAddress } = limits ?? {};
  const admission: AdmissionSettings = {
    allowedOrigins,
    isOriginRequired,
    trustedProxyHops,
    connectionsPerAddress,
  };
  const refusals = new RefusalLog({ logger, clock, secret: networkSecret, areAddressesLogged });
  const gateway = new Gateway(admission, {
    ...composed,
    broker: base.stores.broker,
    delivered(room, entries) {
      metrics.delivered(entries.length);
      composed.activity.appended(room, entries);
    },
    handshakes: rateOf(base, handshakeRate),
    politeRefusals: rateOf(base, politeRefusalRate),
    commandRate: rateOf(base, commandRate),
    rareCommands: { blocks: rateOf(base, blockRate), forgets: rateOf(base, forgetRate) },
    floods: limits && floodRates,
    queueBounds: limits === undefined ? anyWaiting : maxWaiting,
    refusals,
    clock,
    logger,
    metrics,
    random: Math.random,
  });
  const accountRequests = new AccountRequests({
    accounts: composed.accounts,
    settings: admission,
    clock,
    logger,
    refused: metrics.refused,
  });
  return { admission, refusals, gateway, accountRequests };
}

/** In production, keeps this build's files in the store as soon as the broker reaches it. */
function composeAssets({ config, clock, logger, stores }: Base): BuildAssets {
  const assets = new BuildAssets({
    store: stores.assets,
    readFiles: () => readBuildFiles(path.join(/*turbopackIgnore: true*/ process.cwd(), ".next")),
    clock,
    logger,
  });
  if (config.isProduction) whenReachable(stores.broker, () => void assets.start());
  return assets;
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
