import type { IncomingMessage } from "node:http";
import { postOfRoom } from "../content/posts";
import type { Locale, RoomId } from "../protocol/events";
import { tokenDays } from "../protocol/limits";
import type { PostOfRoom } from "../protocol/posts";
import type { PrivacyFacts } from "../protocol/privacy";
import { visitsKeptMs } from "./accounts/visited-rooms";
import type { Config } from "./config";
import { networkOf } from "./gateway/network";
import type { Logger } from "./lib/logger";
import { networkKeptMs } from "./moderation/sanctioned-networks";
import { actsKeptMs } from "./moderation/state-store";
import { mostReports } from "./moderation/stored-reports";
import type { Parts } from "./parts/parts";

const dayMs = 86_400_000;

type PageFactsOptions = Pick<Parts, "broker" | "content" | "counts"> & { config: Config; logger: Logger };

/** Facts of the settings, posts and rooms, for pages that are about to be rendered. */
export class PageFacts {
  constructor(private readonly options: PageFactsOptions) {}

  /** For the page “Privacy”. */
  privacy(): PrivacyFacts {
    const { history, redis, dataDir, areAddressesLogged, webhook } = this.options.config;
    return {
      messages: history.limit,
      bytes: history.bytes,
      roomDays: history.days,
      visitorDays: tokenDays,
      roomListDays: visitsKeptMs / dayMs,
      networkDays: networkKeptMs / dayMs,
      reports: mostReports,
      logDays: actsKeptMs / dayMs,
      isLasting: redis !== undefined || dataDir !== undefined,
      areAddressesLogged,
      hasReceiver: webhook !== undefined,
    };
  }

  /** The post whose room this is. */
  postOf(room: RoomId, locale: Locale): PostOfRoom | undefined {
    return postOfRoom(this.options.content.posts, room, locale);
  }

  /**
   * Whether a page can show this room; "unknown" while the store is away, or if its network asks too often. Never
   * throws.
   */
  async roomState(
    room: RoomId,
    request: IncomingMessage,
  ): Promise<"open" | "closed" | "missing" | "unknown"> {
    const { broker, counts, config, logger } = this.options;
    if (!broker.isReachable()) return "unknown";
    const network = networkOf(request, config.trustedProxyHops);
    return counts.stateOf(room, network).catch((error: unknown) => {
      logger.debug({ err: error }, "could not tell whether the room exists");
      return "unknown" as const;
    });
  }
}
