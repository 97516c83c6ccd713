import type { Server as HttpServer, IncomingMessage, ServerResponse } from "node:http";
import path from "node:path";
import type { RoomId } from "../protocol/events";
import { Accounts } from "./accounts/accounts";
import { Forgetting } from "./accounts/forgetting";
import { Identity } from "./accounts/identity";
import { Passwords } from "./accounts/passwords";
import { Quotas } from "./accounts/quotas";
import { Sessions } from "./accounts/sessions";
import { BuildAssets } from "./assets/build-assets";
import { readBuildFiles } from "./assets/build-files";
import type { Broker } from "./broker/broker";
import { type Config, readProcessConfig } from "./config";
import { Conversations } from "./direct/conversations";
import { Inboxes } from "./direct/inboxes";
import { Meetings } from "./direct/meetings";
import { AccountRequests } from "./gateway/account-requests";
import type { AdmissionSettings } from "./gateway/admission";
import { answerAsset } from "./gateway/asset-answer";
import { guardDoor } from "./gateway/door";
import { Gateway } from "./gateway/gateway";
import { sendAnswer } from "./gateway/http-answer";
import { answerMemberCount } from "./gateway/member-count";
import { mayReadMetrics } from "./gateway/metrics-access";
import { networkOf } from "./gateway/network";
import { RefusalLog } from "./gateway/refusal-log";
import { answerSiteFile, redirectToCanonical, type SiteFile } from "./gateway/site-requests";
import { systemClock } from "./lib/clock";
import { globalSingleton } from "./lib/global-singleton";
import { createLogger, type Logger } from "./lib/logger";
import { startup } from "./lib/startup";
import { NetworkBudget } from "./limits/network-budget";
import { NewVisitors } from "./limits/new-visitors";
import { Newcomers } from "./limits/newcomers";
import { Proofs } from "./limits/proofs";
import { RateLimit } from "./limits/rate-limit";
import { StoreSpace } from "./limits/store-space";
import { createMetrics, type Metrics } from "./metrics";
import {
  anyWaiting,
  arrivalRate,
  blockRate,
  calmRate,
  commandRate,
  creationRate,
  endKeptMs,
  floodRates,
  forgetRate,
  handshakeRate,
  historyRates,
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
import { RoomCreators } from "./rooms/creators";
import { HistoryPages } from "./rooms/history-pages";
import { RoomList } from "./rooms/list";
import { RoomQuota } from "./rooms/quota";
import { Rooms } from "./rooms/rooms";
import { RoomTitles } from "./rooms/titles";
import { readSitePosts, roomsOf, type SitePost, titlesOf } from "./site/posts";
import { openStores } from "./stores";

export type ReplicaStatus = "starting" | "ready" | "degraded" | "draining";

/** How long a new replica waits for its store before it accepts visitors without one. */
const storePatienceMs = 5_000;

type Parts = {
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

/** The assembled server: one for each process, shared by all parts of Next. */
export class App {
  private attachedTo: HttpServer | undefined;
  private isDraining = false;
  /** True while a new replica waits briefly for its store, and until other replicas can serve its build's files. */
  private isWaiting = true;

  constructor(
    readonly config: Config,
    readonly logger: Logger,
    readonly metrics: Metrics,
    private readonly parts: Parts,
  ) {
    if (config.redis === undefined) this.isWaiting = false;
    void parts.assets.kept.then(() => this.stopWaiting());
  }

  /** Attaches the chat to Next's HTTP server; further calls do nothing. */
  attach(server: HttpServer): void {
    if (this.attachedTo !== undefined || this.isDraining) return;
    this.attachedTo = server;
    redirectToCanonical(
      server,
      this.parts.posts.map(({ slug }) => slug),
    );
    guardDoor(server, this.parts.door, this.parts.refusals);
    this.parts.gateway.attach(server);
    startup()?.admitUpgrades();
    systemClock.after(storePatienceMs, () => this.stopWaiting());
    this.logger.info("chat attached");
  }

  /** W-2: from what this replica knows, without waiting. */
  status(): ReplicaStatus {
    if (this.isDraining) return "draining";
    if (this.attachedTo === undefined) return "starting";
    return this.parts.broker.isReachable() ? "ready" : "degraded";
  }

  /** Whether a load balancer may send visitors here: a replica without its store still serves pages. */
  isAccepting(): boolean {
    const status = this.status();
    return (status === "ready" || status === "degraded") && !this.isWaiting;
  }

  /** Moves all clients away within `drainMs`, then closes what was opened, in the opposite order. */
  async close(drainMs: number): Promise<void> {
    this.isDraining = true;
    const { gateway, sessions, forgetting, activity, inboxes, assets, broker } = this.parts;
    await gateway.drain(drainMs);
    await gateway.close();
    forgetting.close();
    sessions.close();
    await activity.close();
    await inboxes.close();
    assets.close();
    await broker.close();
  }

  /** H-1. `room` comes from the request's path, unchecked. */
  async answerMemberCount(request: IncomingMessage, response: ServerResponse, room: unknown): Promise<void> {
    const { counts } = this.parts;
    const { logger } = this;
    const { trustedProxyHops } = this.config;
    sendAnswer(response, await answerMemberCount(request, room, { counts, trustedProxyHops, logger }));
  }

  /** A file of another build; `path` comes from the request's path, unchecked. */
  answerAsset(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    return answerAsset(request, response, path, { assets: this.parts.assets, logger: this.logger });
  }

  /** H-2. `action` comes from the request's path, unchecked. */
  async answerAccount(request: IncomingMessage, response: ServerResponse, action: unknown): Promise<void> {
    sendAnswer(response, await this.parts.accountRequests.answer(action, request));
  }

  /** Prometheus text, for this machine and for requests with METRICS_TOKEN. */
  async answerMetrics(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { metricsToken } = this.config;
    const isAllowed = mayReadMetrics(request, metricsToken);
    response.setHeader("Cache-Control", "no-store");
    if (isAllowed) {
      response.setHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
      response.end(await this.metrics.text());
    } else if (metricsToken === undefined) response.writeHead(403).end("Set METRICS_TOKEN to read this.\n");
    else response.writeHead(401, { "WWW-Authenticate": "Bearer" }).end("METRICS_TOKEN is needed.\n");
  }

  /** The sitemap, robots.txt and the feeds, with the absolute addresses that they need. */
  answerSiteFile(request: IncomingMessage, response: ServerResponse, file: SiteFile): void {
    const { siteOrigin, trustedProxyHops } = this.config;
    const settings = { siteOrigin, trustedProxyHops };
    answerSiteFile({ request, response }, file, { posts: this.parts.posts, settings });
  }

  /**
   * Whether a page can show this room; "unknown" while the store is away, or if its network asks too often. Never
   * throws.
   */
  async roomState(
    room: RoomId,
    request: IncomingMessage,
  ): Promise<"open" | "closed" | "missing" | "unknown"> {
    const { broker, counts } = this.parts;
    if (!broker.isReachable()) return "unknown";
    const network = networkOf(request, this.config.trustedProxyHops);
    return counts.stateOf(room, network).catch((error: unknown) => {
      this.logger.debug({ err: error }, "could not tell whether the room exists");
      return "unknown" as const;
    });
  }

  private stopWaiting(): void {
    this.isWaiting = false;
  }
}

function createApp(config: Config): App {
  const logger = createLogger(config.logLevel);
  for (const warning of config.warnings) logger.warn(warning);
  const metrics = createMetrics();
  const stores = openStores(config, logger);
  const { broker, roomIndex, visits, index, onlineVisitors } = stores;
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
    settledMs: roomQuota.settledMs,
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
  const quotas = new Quotas(stores.accounts, limits && config.sessionKeys[0]);
  const accounts = new Accounts({
    sessions,
    identity,
    store: stores.accounts,
    quotas,
    passwords: new Passwords(),
    clock: systemClock,
    space,
  });
  const meetings = new Meetings({ broker, visits });
  const inboxes = new Inboxes({ broker, index, onlineVisitors, meetings, clock: systemClock, logger });
  const openings = new RateLimit(limits && openingRate);
  const readings = new RateLimit(limits && readingRate);
  const conversations = new Conversations({
    broker,
    index,
    onlineVisitors,
    visits,
    meetings,
    openings,
    readings,
    space,
  });
  const forgetting = new Forgetting({
    broker,
    visits,
    roomIndex,
    index,
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
  const rooms = new Rooms(broker, creation, visits, {
    messages,
    arrivals: new RateLimit(limits && arrivalRate),
    creations: new RateLimit(limits && creationRate),
    renames: new RateLimit(limits && renameRate),
    typing: new RateLimit(limits && typingRate),
    calm: new RateLimit(limits && calmRate),
    newcomers,
    creators: new RoomCreators(config.rooms, newcomers),
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
    rare: { blocks: new RateLimit(limits && blockRate), forgets: new RateLimit(limits && forgetRate) },
    networks,
    newcomers,
    newVisitors,
    handshakes: new RateLimit(limits && handshakeRate),
    politeRefusals: new RateLimit(limits && politeRefusalRate),
    commands: new RateLimit(limits && commandRate),
    floods: limits && floodRates,
    refusals,
    waiting: limits === undefined ? anyWaiting : maxWaiting,
    clock: systemClock,
    logger,
    meter: metrics,
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
  const running = {
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
  return new App(config, logger, metrics, running);
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

/** Throws an Error whose message lists every invalid setting. */
export const getApp = (): App =>
  globalSingleton("app", () => {
    const result = readProcessConfig();
    if (!result.ok) throw new Error(result.message);
    return createApp(result.config);
  });
