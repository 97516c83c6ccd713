import path from "node:path";
import { currentPosts } from "../../content/posts";
import { currentSite } from "../../content/site";
import { Forgetting } from "../accounts/forgetting";
import type { Sessions } from "../accounts/sessions";
import { BuildAssets } from "../assets/build-assets";
import { readBuildFiles } from "../assets/build-files";
import type { Broker } from "../broker/broker";
import type { Config } from "../config";
import type { Inboxes } from "../direct/inboxes";
import type { AdmissionSettings } from "../gateway/admission";
import type { Gateway } from "../gateway/gateway";
import type { JsonRequests } from "../gateway/json-requests";
import type { RefusalLog } from "../gateway/refusal-log";
import type { SiteContent } from "../gateway/site-requests";
import { systemClock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import { type Reach, reachOfAll } from "../lib/reach";
import type { Metrics } from "../metrics";
import type { Moderation } from "../moderation/moderation";
import type { ActivityCounts } from "../oversight/activity-counts";
import type { Activity } from "../rooms/activity";
import type { RoomCounts } from "../rooms/counts";
import type { Stores } from "../stores";
import type { Base } from "./base";
import { composeDirect } from "./direct";
import { composeGateway } from "./gateway";
import { composeLimits } from "./limits";
import { composeModeration } from "./moderation";
import { composeOversight } from "./oversight";
import { composeRooms } from "./rooms";
import { composeVisitors } from "./visitors";
import { composeWebhook, type Hooked } from "./webhook";

/** What a running replica is made of. */
export type Parts = {
  stores: Pick<Stores, "close" | "warnings">;
  broker: Broker;
  /** Whether the parts of the store answer that every command needs. */
  store: Reach;
  assets: BuildAssets;
  activity: Activity;
  counting: ActivityCounts;
  inboxes: Inboxes;
  sessions: Sessions;
  forgetting: Forgetting;
  moderation: Moderation;
  gateway: Gateway;
  admission: Pick<AdmissionSettings, "trustedProxyHops" | "connectionsPerAddress">;
  refusals: RefusalLog;
  counts: RoomCounts;
  accountRequests: JsonRequests;
  ownerRequests: JsonRequests;
  webhook: Hooked["webhook"];
  firstMessages: Hooked["firstMessages"];
  content: SiteContent;
};

type Given = { config: Config; logger: Logger; metrics: Metrics; stores: Stores };

/** Builds everything on the stores: this folder alone knows who needs what. */
export function composeParts({ config, logger, metrics, stores: opened }: Given): Parts {
  const base: Base = {
    config,
    metrics,
    logger,
    clock: systemClock,
    stores: opened,
    content: { site: currentSite(), posts: currentPosts() },
    networkSecret: config.sessionKeys[0] ?? new Uint8Array(),
  };
  const limits = composeLimits(base);
  const visitors = composeVisitors(base, limits);
  const hooked = composeWebhook(base);
  const moderated = composeModeration(base, { ...limits, ...visitors, ...hooked });
  const rooms = composeRooms(base, { ...limits, ...moderated });
  const direct = composeDirect(base, limits);
  const oversight = composeOversight(base, { ...moderated, ...rooms, ...direct });
  const store = reachOfAll([opened.broker, moderated.moderation.reach, visitors.sessions.ends.reach]);
  reportStore(base, store);
  const forgetting = new Forgetting({ ...base, ...base.stores, ...visitors, ...direct });
  const { stores, content } = base;
  return {
    stores,
    broker: stores.broker,
    store,
    assets: composeAssets(base),
    ...rooms,
    ...direct,
    ...visitors,
    ...moderated,
    ...oversight,
    ...hooked,
    forgetting,
    ...composeGateway(base, {
      ...limits,
      ...visitors,
      ...moderated,
      ...rooms,
      ...direct,
      ...oversight,
      ...hooked,
      forgetting,
      store,
    }),
    content,
  };
}

function reportStore({ metrics, stores: { broker } }: Base, store: Reach): void {
  metrics.isStoreReachable(store.isReachable());
  store.onReachable(metrics.isStoreReachable);
  broker.onRewound(metrics.storeRewound);
  metrics.watchStore(() => broker.usedRatio());
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
