import { tokenDays } from "./chat/identity";
import type { NetworkRate, NetworkRates } from "./chat/network-budget";
import type { NewcomerLimits } from "./chat/newcomers";
import type { StoreSteps } from "./chat/store-space";

/** What each visitor, connection or address may do within a time, and how long the store remembers what ends it. */

/** What MESSAGES_PER_SECOND and MESSAGE_BURST are by default. */
const defaultMessages = { perSecond: 5, burst: 10 };
/** Commands of every kind: far above what a person does, far below what harms. */
export const commandRate = { perSecond: 50, burst: 200 };
/** Each arrival may be a notice in everybody's feed; thirty quick reloads are still a person's. */
export const arrivalRate = { perSecond: 1, burst: 30 };
export const creationRate = { perSecond: 1, burst: 20 };
/** C-9. A making takes two commands, each answered or given up within 1.2 s: after ten seconds none is under way. */
export const roomQuota = { open: 10, made: 5, windowMs: 3_600_000, settledMs: 10_000 };
/** What one network may make the store be asked without joining: a page of a hundred posts at once, and then some. */
export const questionRate = { perSecond: 10, burst: 100 };
/** Each rename is a notice in everybody's feed; a handful of random names is what a person tries. */
export const renameRate = { perSecond: 0.5, burst: 5 };
/** A browser says every few seconds that its visitor still types, and when it no longer does. */
export const typingRate = { perSecond: 2, burst: 10 };
/** New conversations: as many within an hour, and at once, as anybody has strangers to talk to. */
export const openingRate = { perSecond: 20 / 3_600, burst: 20 };
/** A list is 200 conversations at most, each asked after in several places. */
export const readingRate = { perSecond: 10, burst: 100 };
/** Memory that one connection may take up with what it asks: more than any honest client has under way. */
export const maxWaiting = { commands: 1_000, bytes: 1024 * 1024 };
export const anyWaiting = { commands: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY };

/**
 * From which share of the store on what is refused (docs/decisions/050-a-full-store.md). What is new goes first: it is what a
 * flood needs most and those who are talking need least. The last twentieth is a reserve: it holds what a flood adds between
 * two readings a second apart, and the notices of those who tidy up; 25 MB of the 512 that the manifests give Redis.
 */
export const storeSteps: StoreSteps = { creations: 0.8, newcomers: 0.9, messages: 0.95 };

/**
 * What makes a connection a flood. Frames are counted as they come, one more for each 4 KiB: a visitor at its full rate of
 * commands and of the heaviest texts stays below. Refusals: a program that tries ten messages a second and waits for none
 * of its refusals goes on for a minute; three hundred at once are nobody's haste.
 */
export const floodRates = {
  frames: { perSecond: 80, burst: 512 },
  refusals: { perSecond: 5, burst: 300 },
};

/**
 * A visitor who reads a full room from end to end, twice; a network whose visitors together do that in two seconds. Its burst is
 * no larger, because what is given at once keeps all others waiting.
 */
export const historyRates = {
  visitor: { perSecond: 128 * 1024, burst: 8 * 1024 * 1024 },
  network: { perSecond: 2 * 1024 * 1024, burst: 8 * 1024 * 1024 },
};
/** Each is kept for 400 days. */
export const blockRate = { perSecond: 0.1, burst: 30 };
/** Once is enough; another time only when the store did not answer. */
export const forgetRate = { perSecond: 1 / 60, burst: 3 };

/** A day longer than a token lives: the store's clock and the replicas' may differ. */
export const endKeptMs = (tokenDays + 1) * 86_400_000;

/** Until it is settled, a visitor writes as a person does who has just come; a new id must not be worth more than an old one. */
export const newcomerLimits: NewcomerLimits = {
  messages: { perSecond: 0.5, burst: 3 },
  settledMs: 10 * 60_000,
  settledMessages: 3,
  firstMs: 60_000,
};
/** Who writes no more than this has a share of its network that those who write more cannot use up. */
export const calmRate = { perSecond: 0.2, burst: 5 };
/** One visitor's: ten tabs that reload, and a phone that loses its link in each tunnel. */
export const handshakeRate = { perSecond: 1, burst: 60 };
/** Of a network that is refused, so many handshakes are told why; the others are not let in to be told. */
export const politeRefusalRate = { perSecond: 5, burst: 20 };

/**
 * What all visitors of one network do together, over all replicas; a wider network four times as much. A school or a carrier
 * is one address: 300 visitors come within five minutes, in three tabs each, and a replica that restarts has all 900
 * connections join again at once. Talking, 300 write three messages a second together; all may answer at the same moment.
 * `free` is granted by each replica without asking the store: more than the few visitors of an ordinary network ever need,
 * so that they cost no round trip. What is for newcomers is what a flood of new ids can have; what settled visitors have is
 * apart from it.
 */
const networkRates: NetworkRates = {
  /** That restart, and reloads. */
  handshakes: { free: { perSecond: 2, burst: 60 }, shared: { perSecond: 20, burst: 1_200 } },
  /** Beyond it a new visitor proves that it has worked for its id: that school comes at one a second. */
  unprovenVisitors: { free: { perSecond: 0.2, burst: 15 }, shared: { perSecond: 1, burst: 120 } },
  /** With proof: all 300 within a minute. */
  visitors: { shared: { perSecond: 5, burst: 150 } },
  /** Of all networks together, without proof: a post that thousands read within the hour. */
  siteVisitors: { free: { perSecond: 2, burst: 60 }, shared: { perSecond: 10, burst: 400 } },
  joins: { free: { perSecond: 0.5, burst: 20 }, shared: { perSecond: 5, burst: 1_000 } },
  /** Each visitor of that school tries a name or two within its first minutes. */
  names: { free: { perSecond: 0.2, burst: 5 }, shared: { perSecond: 3, burst: 200 } },
  /** A class that makes a room each. What nobody has entered is listed last, so that more would serve nobody. */
  rooms: { shared: { perSecond: 60 / 3_600, burst: 40 } },
  /** Every second pupil writes to another one within the hour. */
  conversations: { shared: { perSecond: 150 / 3_600, burst: 60 } },
  /** Each is kept for 400 days. */
  blocks: { free: { perSecond: 0.1, burst: 5 }, shared: { perSecond: 0.5, burst: 60 } },
  /** Each walks through all that its visitor wrote. */
  forgets: { shared: { perSecond: 0.5, burst: 60 } },
  /** What one connection asks wrongly is its own affair; what a hundred do is not. */
  refusals: { free: { perSecond: 5, burst: 200 }, shared: { perSecond: 20, burst: 600 } },

  messages: { free: { perSecond: 2, burst: 20 }, shared: { perSecond: 15, burst: 150 } },
  roomMessages: { free: { perSecond: 2, burst: 20 }, shared: { perSecond: 10, burst: 150 } },
  /** A megabyte a minute, while people write 300 bytes a second. */
  bytes: { free: { perSecond: 1_000, burst: 20_000 }, shared: { perSecond: 16_000, burst: 512_000 } },
  /** For those who have written little when the others have used up the network's messages. */
  reserve: { shared: { perSecond: 15, burst: 150 } },

  newcomerMessages: { free: { perSecond: 0.5, burst: 15 }, shared: { perSecond: 5, burst: 150 } },
  newcomerRoomMessages: { free: { perSecond: 0.5, burst: 15 }, shared: { perSecond: 4, burst: 150 } },
  newcomerBytes: { free: { perSecond: 200, burst: 8_000 }, shared: { perSecond: 2_000, burst: 128_000 } },
};

/** Where visitors may write more than by default, so may their network: three of them at full rate. */
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
 * Messages and renames of all members of one room together, over all replicas. Fifty a second is more than anybody reads, and
 * the burst is 200 who answer at the same moment; ten visitors at full rate have a place in any case.
 */
export function roomRateFor(visitor: { messagesPerSecond: number; messageBurst: number }) {
  return {
    perSecond: Math.max(50, 10 * visitor.messagesPerSecond),
    burst: Math.max(200, 10 * visitor.messageBurst),
  };
}
