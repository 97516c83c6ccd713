import type { RoomId, VisitorId } from "../../protocol/events";

/** The tag cannot be a room's id. All accounts are under it: they are few, and their steps touch several records. */
const ofAccounts = (part: string) => `{@accounts}:${part}`;
/** Small, and written by each replica every few seconds. */
const ofActivity = (part: string) => `{@activity}:${part}`;
/** Rare, and each change of it is one step. */
const ofWebhook = (part: string) => `{@webhook}:${part}`;
/** All of it is under one tag: it is little, and a change and its entry in the log are one step. */
const ofModeration = (part: string) => `{@moderation}:${part}`;

/**
 * The keys of records; in Redis each begins with the instance's prefix. The kind of each is Redis's, and older releases
 * read and write the same. Decision 051 lists which of them name a forgotten visitor, and for how long:
 * docs/decisions/051-remains-of-a-forgotten-visitor.md.
 */
export const recordKeys = {
  /** set: rooms that this visitor has entered. */
  visits: (visitor: VisitorId) => `directory:{${visitor}}:visits`,
  /** list: visitor, space, generation -> when its forgetting is due. */
  forgetting: "directory:forgetting",
  /** set that lapses: room, space, number of each message this visitor wrote while it was new and did not remove. */
  written: (visitor: VisitorId) => `directory:{${visitor}}:written`,

  /**
   * list: partner -> when the last message was written, or the room made; 0 where only the partner lists it so far;
   * minus the last message's time where it was dropped.
   */
  conversations: (visitor: VisitorId) => `directory:{${visitor}}:conversations`,
  /** list: visitor who requests a conversation -> when the message was written. */
  requests: (visitor: VisitorId) => `directory:{${visitor}}:requests`,
  /** counter: changes of this visitor's conversations. */
  conversationsVersion: (visitor: VisitorId) => `directory:{${visitor}}:version`,
  /** value: exists while this visitor refuses new conversations. */
  refuses: (visitor: VisitorId) => `directory:{${visitor}}:refuses`,
  /** set: visitors it has blocked. */
  blocked: (visitor: VisitorId) => `directory:{${visitor}}:blocked`,
  /** log: visitors whose list has a new conversation. Its key keeps an old word, because older releases read it. */
  newlyListed: "directory:newcomers",
  /** value: the last name it used anywhere; only earlier versions wrote it. */
  lastName: (visitor: VisitorId) => `directory:{${visitor}}:name`,
  /**
   * set: replicas on which this visitor has connections, or had when they were killed. Its key keeps an old word for
   * being online, because older releases read it.
   */
  onlineReplicas: (visitor: VisitorId) => `directory:{${visitor}}:attended`,

  rooms: {
    /** list: public room in which two have talked -> when. */
    active: "directory:{rooms}:index",
    /** list: such a room with members -> how many, and when they last talked (crowdOf in rooms/room-index.ts). */
    crowded: "directory:{rooms}:crowds",
    /** list: public room, but the lobby -> when its last entry was written. */
    recent: "directory:{rooms}:recent",
    /** counter: posts' rooms made and rooms closed. */
    version: "directory:{rooms}:version",
    /** map: skeleton of a title -> the room that has it, or is about to take it. */
    titles: "directory:{rooms}:titles",
    /** list: skeleton of a title -> when its room claimed it, or was last found to have it. */
    titleTimes: "directory:{rooms}:title-times",
  },
  /** list: room made by this visitor and not known to have ended -> when it was made. */
  openRooms: (visitor: VisitorId) => `directory:{${visitor}}:open`,
  /** list: room made by this visitor within the last hour -> when. */
  madeRooms: (visitor: VisitorId) => `directory:{${visitor}}:made`,

  accounts: {
    /** list: visitor, or visitor, dot and device -> generation: when its tokens were last ended. */
    ended: ofAccounts("ended"),
    /** map: visitor -> skeleton of its handle, newline, account as JSON. */
    accounts: ofAccounts("accounts"),
    /** map: skeleton of a handle -> visitor. */
    handles: ofAccounts("handles"),
    /** map that lapses: device of the visitor's account -> since, last seen, proven, name; separated by spaces. */
    devices: (visitor: VisitorId) => ofAccounts(`devices:${visitor}`),
    /** value that lapses: visitor, generation, and when the visitor first came; separated by spaces. */
    code: (digest: string) => ofAccounts(`code:${digest}`),
    /** counter that lapses: how many were spent. */
    quota: (key: string) => ofAccounts(`quota:${key}`),
  },

  activity: {
    /** map that lapses: hour since 1970, space, run of a replica -> how many messages it took in that hour. */
    messages: (day: number | string) => ofActivity(`messages:${day}`),
    /** list: run of a replica -> when it last said how many visitors it has. */
    replicas: ofActivity("replicas"),
    /** value that lapses: how many visitors are connected to that replica, and which (oversight/visitor-sample.ts), as JSON. */
    visitorSample: (replica: string) => ofActivity(`sample:${replica}`),
  },

  webhook: {
    /** list: subject of an event that the owner's receiver has not taken yet -> when it is due. */
    due: ofWebhook("due"),
    /** map: such a subject -> id, tries and event as JSON. */
    events: ofWebhook("events"),
    /** value that lapses: a message of a visitor alone in that room was told a while ago. */
    told: (room: RoomId) => ofWebhook(`told:${room}`),
  },

  moderation: {
    /** map: subject (server/moderation/state-store.ts) -> its state as JSON. */
    state: ofModeration("state"),
    /** list: subject -> when its state last changed. */
    changes: ofModeration("changes"),
    /** list: act of the owner or a moderator as JSON -> when. */
    acts: ofModeration("acts"),
    /** list: message that the guard withholds and that is not reported yet, as JSON -> when. */
    catches: ofModeration("catches"),
    /** value that lapses: an export that was offered, by the digest of its link's token. */
    export: (digest: string) => ofModeration(`export:${digest}`),
  },
};
