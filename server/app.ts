import type { Server as HttpServer, IncomingMessage, ServerResponse } from "node:http";
import { nanoid } from "nanoid";
import { type Config, readProcessConfig } from "./config";
import { answerAsset } from "./gateway/asset-answer";
import { answerExport } from "./gateway/export-answer";
import { sendAnswer } from "./gateway/http-answer";
import { limitHttpServer } from "./gateway/http-limits";
import { answerMemberCount } from "./gateway/member-count";
import { mayReadMetrics } from "./gateway/metrics-access";
import { servePublicFiles } from "./gateway/public-files";
import { describeSelf, describeStore, type SelfDescription } from "./gateway/self-description";
import { answerSiteFile, prepareRequests, type SiteFile } from "./gateway/site-requests";
import { systemClock } from "./lib/clock";
import { globalSingleton } from "./lib/global-singleton";
import { createLogger, type Logger } from "./lib/logger";
import { startup } from "./lib/startup";
import { createMetrics, type Metrics } from "./metrics";
import { PageFacts } from "./page-facts";
import { composeParts, type Parts } from "./parts/parts";
import { sessionKeysOf } from "./session-keys";
import { hasStoreOf, openStores } from "./stores";

export type ReplicaStatus = "starting" | "ready" | "degraded" | "draining";

/** How long a new replica waits for its store before it accepts visitors without one. */
const storePatienceMs = 5_000;

/** The assembled server: one for each process, shared by all parts of Next. */
export class App {
  private attachedTo: HttpServer | undefined;
  private isDraining = false;
  private readonly name = nanoid(8);
  readonly pages: PageFacts;
  /** True while a new replica waits briefly for its store, and until other replicas can serve its build's files. */
  private isWaiting = true;

  constructor(
    readonly config: Config,
    readonly logger: Logger,
    readonly metrics: Metrics,
    private readonly parts: Parts,
  ) {
    this.pages = new PageFacts({ ...parts, config, logger });
    if (config.redis === undefined) this.isWaiting = false;
    void parts.assets.kept.then(() => this.stopWaiting());
  }

  /** Attaches the chat to Next's HTTP server; further calls do nothing. */
  attach(server: HttpServer): void {
    if (this.attachedTo !== undefined || this.isDraining) return;
    this.attachedTo = server;
    prepareRequests(server, this.parts.content);
    if (!this.config.isProduction) servePublicFiles(server);
    limitHttpServer(server, this.parts.admission, this.parts.refusals);
    this.parts.gateway.attach(server);
    this.parts.broker.takesConnections();
    startup()?.admitUpgrades();
    systemClock.after(storePatienceMs, () => this.stopWaiting());
    this.logger.info("chat attached");
  }

  /** W-2: from what this replica knows, without waiting. */
  status(): ReplicaStatus {
    if (this.isDraining) return "draining";
    if (this.attachedTo === undefined) return "starting";
    return this.parts.store.isReachable() ? "ready" : "degraded";
  }

  /** How this replica is reached, and which store it has: nothing secret. */
  describe(request: IncomingMessage): SelfDescription {
    const { trustedProxyHops: trusted } = this.config;
    const store = describeStore(this.config, this.parts.stores.warnings());
    return describeSelf(request, { replica: this.name, store, trusted });
  }

  /** Whether a load balancer may send visitors here: a replica without its store still serves pages. */
  isAccepting(): boolean {
    const status = this.status();
    return (status === "ready" || status === "degraded") && !this.isWaiting;
  }

  /** Moves all clients away within `drainMs`, then closes the parts, the last opened first. */
  async close(drainMs: number): Promise<void> {
    this.isDraining = true;
    const { gateway, sessions, forgetting, moderation, activity, inboxes, assets, stores } = this.parts;
    const { counting, firstMessages, webhook } = this.parts;
    await gateway.drain(drainMs);
    await gateway.close();
    forgetting.close();
    sessions.close();
    moderation.close();
    await activity.close();
    await counting.close();
    firstMessages?.close();
    await webhook?.close();
    inboxes.close();
    assets.close();
    await stores.close();
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

  /** O-9. `action` comes from the request's path, unchecked. */
  async answerOwner(request: IncomingMessage, response: ServerResponse, action: unknown): Promise<void> {
    sendAnswer(response, await this.parts.ownerRequests.answer(action, request));
  }

  /** O-10. `token` comes from the request's path, unchecked. */
  answerExport(request: IncomingMessage, response: ServerResponse, token: unknown): Promise<void> {
    const { broker, moderation } = this.parts;
    return answerExport({ request, response }, token, { broker, moderation, logger: this.logger });
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
    const { content } = this.parts;
    const { siteOrigin = content.site.metadataBase, trustedProxyHops } = this.config;
    answerSiteFile({ request, response }, file, { content, settings: { siteOrigin, trustedProxyHops } });
  }

  private stopWaiting(): void {
    this.isWaiting = false;
  }
}

async function createApp(settings: Config): Promise<App> {
  const logger = createLogger(settings.logLevel);
  for (const warning of settings.warnings) logger.warn(warning);
  const metrics = createMetrics();
  const hadStore = hasStoreOf(settings);
  const stores = await openStores(settings, logger);
  const config = { ...settings, sessionKeys: await sessionKeysOf(settings, { logger, hadStore }) };
  return new App(config, logger, metrics, composeParts({ config, logger, metrics, stores }));
}

/** Throws an Error whose message lists every invalid setting, or says why the data folder cannot be used. */
export const openApp = (): Promise<App> =>
  globalSingleton("opening", async () => {
    const result = readProcessConfig();
    if (!result.ok) throw new Error(result.message);
    const app = await createApp(result.config);
    return globalSingleton("app", () => app);
  });
