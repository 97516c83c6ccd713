import { roomsOf, titlesOf } from "../../content/posts";
import { RateLimit } from "../limits/rate-limit";
import { historyRates, questionRate, roomQuota, roomRates } from "../rates";
import { Activity } from "../rooms/activity";
import { RoomCounts } from "../rooms/counts";
import { RoomCreation } from "../rooms/creation";
import { CreationPolicy } from "../rooms/creation-policy";
import { readHistory } from "../rooms/history";
import { HistoryPages } from "../rooms/history-pages";
import { RoomList } from "../rooms/list";
import { RoomQuota } from "../rooms/quota";
import { Rooms } from "../rooms/rooms";
import { RoomTitles } from "../rooms/titles";
import { type Base, rateOf, ratesOf } from "./base";
import type { Limits } from "./limits";
import type { Moderated } from "./moderation";

export function composeRooms(base: Base, { networks, newcomers, space, moderation }: Limits & Moderated) {
  const { config, clock, logger, stores } = base;
  const { broker, roomIndex, visitedRooms } = stores;
  const limits = config.rateLimits;
  const posts = roomsOf(base.content.posts);
  const quota = new RoomQuota({ broker, roomIndex, limits: limits && roomQuota, clock });
  const { confirmedAfterMs } = roomQuota;
  const titles = new RoomTitles({ broker, roomIndex, posts: titlesOf(base.content.posts), confirmedAfterMs });
  const creation = new RoomCreation({ broker, roomIndex, posts, quota, titles, networks });
  const messages = limits && { perSecond: limits.messagesPerSecond, burst: limits.messageBurst };
  const rooms = new Rooms(broker, creation, visitedRooms, {
    messages: new RateLimit(messages),
    ...ratesOf(base, roomRates),
    newcomers,
    creators: new CreationPolicy(config.rooms, newcomers),
    networks,
    space,
    moderation,
  });
  return {
    rooms,
    roomList: new RoomList({
      broker,
      roomIndex,
      posts: base.content.posts.map(({ room }) => room),
      hasVisitorRooms: config.rooms !== "off",
      clock,
      logger,
    }),
    history: new HistoryPages(
      { readPage: (room, range) => readHistory(broker.feed, room, range), broker, clock },
      limits && historyRates,
    ),
    counts: new RoomCounts({ broker, posts, questions: rateOf(base, questionRate), clock }),
    activity: new Activity({ broker, roomIndex, clock, logger }),
  };
}
