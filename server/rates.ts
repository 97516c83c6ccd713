import { tokenDays } from "../protocol/limits";
import type { NetworkRate, NetworkRates } from "./limits/network-budget";
import type { NewcomerLimits } from "./limits/newcomers";
import type { StoreSteps } from "./limits/store-space";

/** What each visitor, connection or network may do within a time, and how long the store remembers ended tokens. */

/** The defaults of MESSAGES_PER_SECOND and MESSAGE_BURST. */
const defaultMessages = { perSecond: 5, burst: 10 };
/** Commands of every kind: far above what a person sends, far below what does harm. */
export const commandRate = { perSecond: 50, burst: 200 };
/** Of each visitor in rooms. Its messages have a rate from the settings. */
export const roomRates = {
  /** Each arrival may be a notice in every member's feed; a person may still reload thirty times in a row. */
  joins: { perSecond: 1, burst: 30 },
  creations: { perSecond: 1, burst: 20 },
  /** Each rename is a notice in every member's feed; a person tries a handful of random names. */
  renames: { perSecond: 0.5, burst: 5 },
  /** A browser says every few seconds that its visitor is still typing, and once that it has stopped. */
  typing: { perSecond: 2, burst: 10 },
  /** A visitor who writes no more than this has a share of its network's rate that busier visitors cannot use up. */
  reserve: { perSecond: 0.2, burst: 5 },
};
/**
 * C-9. Making a room takes two store commands, each answered or given up within 1.2 s: after ten seconds none is under
 * way.
 */
export const roomQuota = { open: 10, made: 5, windowMs: 3_600_000, confirmedAfterMs: 10_000 };
/** How often one network may have the store asked without joining: enough for a page of a hundred posts at once. */
export const questionRate = { perSecond: 10, burst: 100 };
/** New conversations: as many strangers as a visitor would write to within an hour, all at once if need be. */
export const openingRate = { perSecond: 20 / 3_600, burst: 20 };
/** How often a visitor may ask for its conversations, or open one. */
export const readingRate = { perSecond: 10, burst: 100 };
/**
 * How often its whole list is read for that, with several questions to the store for each of 250 conversations: for a visitor
 * whose tabs all come back at once. Asked more often, the last reading is answered, a second old at most.
 */
export const wholeReadingRate = { perSecond: 1, burst: 5 };
/** How much memory one connection's queued commands may take: more than any honest client has under way. */
export const maxWaiting = { commands: 1_000, bytes: 1024 * 1024 };
export const anyWaiting = { commands: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY };

/**
 * The share of the store from which each kind of write is refused (docs/decisions/050-full-store.md). New rooms and
 * visitors go first: a flood needs them most, and visitors who are talking need them least. The last twentieth is a
 * reserve for what a flood adds between two readings a second apart, and for the notices of visitors who tidy up; 25 MB
 * of the 512 that the manifests give Redis.
 */
export const storeSteps: StoreSteps = { creations: 0.8, newcomers: 0.9, messages: 0.95 };

/**
 * What makes a connection a flood. Frames are counted as they arrive, plus one for each 4 KiB: a visitor at its full
 * rate of commands and of the largest texts stays below. Refusals: a program that tries ten messages a second and
 * ignores every refusal lasts a minute; no hasty visitor collects three hundred at once.
 */
export const floodRates = {
  frames: { perSecond: 80, burst: 512 },
  refusals: { perSecond: 5, burst: 300 },
};

/**
 * Lets a visitor read a full room from end to end twice, and the visitors of a network do that together in two seconds.
 * The network's burst is no larger, because sending one burst keeps all others waiting.
 */
export const historyRates = {
  visitor: { perSecond: 128 * 1024, burst: 8 * 1024 * 1024 },
  network: { perSecond: 2 * 1024 * 1024, burst: 8 * 1024 * 1024 },
};
/** Of each visitor, for commands that are rare. */
export const rareCommandRates = {
  /** The store keeps each block for 400 days. */
  blocks: { perSecond: 0.1, burst: 30 },
  /** Once is enough; a visitor repeats it only when the store did not answer. */
  forgets: { perSecond: 1 / 60, burst: 3 },
  /** A page is 20 KiB; a room of 4,000 is read at once. */
  memberPages: { perSecond: 1, burst: 20 },
  /** A page asks every 4 s, and a hundred pages may come back at once. */
  roomLists: { perSecond: 10, burst: 100 },
  /** Each reads the newest entries of up to 50 rooms. */
  searches: { perSecond: 1, burst: 20 },
};

/** A day longer than a token lives: the store's clock and the replicas' may differ. */
export const endKeptMs = (tokenDays + 1) * 86_400_000;

/** Until it is settled, a visitor writes at a newcomer's pace; a new id must not be worth more than an old one. */
export const newcomerLimits: NewcomerLimits = {
  messages: { perSecond: 0.5, burst: 3 },
  settledMs: 10 * 60_000,
  settledMessages: 3,
  firstMs: 60_000,
};
/** One visitor's handshakes: ten tabs that reload, and a phone that loses its link in each tunnel. */
export const handshakeRate = { perSecond: 1, burst: 60 };
/** A refused network's handshakes get a reason at this rate; further ones are refused unread. */
export const politeRefusalRate = { perSecond: 5, burst: 20 };

/**
 * The rates that all visitors of one network share, over all replicas; the /24 or /48 around it has four times as much. They are
 * made for a school, which may be one address: 300 visitors come within five minutes, with three tabs each, and when a replica
 * restarts all 900 connections join again at once. 300 visitors who talk write three messages a second together; all may
 * answer at the same moment. Each replica grants `free` without asking the store. That is more than the few visitors of an
 * ordinary network need, so they cost no round trip. The rates of newcomers bound a flood of new ids, and are counted apart
 * from those of settled visitors.
 */
const networkRates: NetworkRates = {
  /** The school's 900 connections after a restart, and reloads. */
  handshakes: { free: { perSecond: 2, burst: 60 }, shared: { perSecond: 20, burst: 1_200 } },
  /** Beyond this rate a new visitor must solve a proof of work. The school's visitors come at one a second. */
  unprovenVisitors: { free: { perSecond: 0.2, burst: 15 }, shared: { perSecond: 1, burst: 120 } },
  /** With proof: all 300 visitors of the school within a minute. */
  visitors: { shared: { perSecond: 5, burst: 150 } },
  /** All networks together, without proof: thousands of readers of one post within an hour. */
  siteVisitors: { free: { perSecond: 2, burst: 60 }, shared: { perSecond: 10, burst: 400 } },
  joins: { free: { perSecond: 0.5, burst: 20 }, shared: { perSecond: 5, burst: 1_000 } },
  /** Each visitor of the school tries a name or two within its first minutes. */
  names: { free: { perSecond: 0.2, burst: 5 }, shared: { perSecond: 3, burst: 200 } },
  /** A class in which every pupil makes a room. */
  rooms: { shared: { perSecond: 60 / 3_600, burst: 40 } },
  /** Half of the school's visitors write to another one within the hour. */
  conversations: { shared: { perSecond: 150 / 3_600, burst: 60 } },
  /** The store keeps each block for 400 days. */
  blocks: { free: { perSecond: 0.1, burst: 5 }, shared: { perSecond: 0.5, burst: 60 } },
  /** Each forgetting reads everything that its visitor wrote. */
  forgets: { shared: { perSecond: 0.5, burst: 60 } },
  /** Each connection's bad requests are counted by themselves; this bounds a hundred such connections together. */
  refusals: { free: { perSecond: 5, burst: 200 }, shared: { perSecond: 20, burst: 600 } },

  messages: { free: { perSecond: 2, burst: 20 }, shared: { perSecond: 15, burst: 150 } },
  roomMessages: { free: { perSecond: 2, burst: 20 }, shared: { perSecond: 10, burst: 150 } },
  /** A megabyte a minute; a talking school writes 300 bytes a second. */
  bytes: { free: { perSecond: 1_000, burst: 20_000 }, shared: { perSecond: 16_000, burst: 512_000 } },
  /** For visitors who write little, after busier ones have used up the network's messages. */
  reserve: { shared: { perSecond: 15, burst: 150 } },

  newcomerMessages: { free: { perSecond: 0.5, burst: 15 }, shared: { perSecond: 5, burst: 150 } },
  newcomerRoomMessages: { free: { perSecond: 0.5, burst: 15 }, shared: { perSecond: 4, burst: 150 } },
  newcomerBytes: { free: { perSecond: 200, burst: 8_000 }, shared: { perSecond: 2_000, burst: 128_000 } },
};

/**
 * If the settings let visitors write more than the default, raises the network's rates to three visitors at full rate.
 */
export function networkRatesFor(visitor: { messagesPerSecond: number; messageBurst: number }): NetworkRates {
  const { messages, roomMessages, reserve } = networkRates;
  const raised = ({ free, shared }: NetworkRate): NetworkRate => ({
    ...(free && { free }),
    shared: {
      perSecond: Math.max(shared.perSecond, 3 * visitor.messagesPerSecond),
      burst: Math.max(shared.burst, 15 * visitor.messageBurst),
    },
  });
  if (visitor.messagesPerSecond <= defaultMessages.perSecond && visitor.messageBurst <= defaultMessages.burst)
    return networkRates;
  return {
    ...networkRates,
    messages: raised(messages),
    roomMessages: raised(roomMessages),
    reserve: raised(reserve),
  };
}

/**
 * Messages and renames of all members of one room together, over all replicas. Fifty a second is more than a person can
 * read, and the burst lets 200 members answer at the same moment. Ten visitors at full rate always fit.
 */
export function roomRateFor(visitor: { messagesPerSecond: number; messageBurst: number }) {
  return {
    perSecond: Math.max(50, 10 * visitor.messagesPerSecond),
    burst: Math.max(200, 10 * visitor.messageBurst),
  };
}
