import type { Conversation, RoomId, VisitorId } from "../../protocol/events";
import { forgottenName, lobbyId } from "../../protocol/limits";
import type { Broker } from "../broker/broker";
import { directRoomOf } from "../broker/direct-rooms";
import type { RoomSummary } from "../broker/rooms";
import type { ConversationIndex } from "./conversation-index";
import type { ListedConversation } from "./conversation-page";
import { isRequestTo, requestIn, roomOf } from "./conversation-room";
import type { LastTexts } from "./last-text";
import type { OnlineVisitors } from "./online-visitors";
import type { SharedRooms } from "./shared-rooms";

type ViewSources = {
  broker: Broker;
  conversationIndex: ConversationIndex;
  onlineVisitors: OnlineVisitors;
  sharedRooms: SharedRooms;
  lastTexts: LastTexts;
};

/** `isOnline`: whether the partner is online, even if that is not shown to the visitor. `summary`: that of the room. */
export type ConversationView = { conversation: Conversation; isOnline: boolean; summary: RoomSummary };
/** `version`: that of the list when it was read. */
export type View = { version: number; views: ConversationView[] };

/** A listed conversation, its room, and what the two visitors know of each other. */
type Found = { listed: ListedConversation; summary: RoomSummary; name: string; isTogether: boolean };

/**
 * For how many unanswered requests it asks whether the two are in one room; in the others the partner is shown
 * offline.
 */
const mostPending = 50;
/** An earlier version did not store where the two have met: one reading completes this many, later ones the others. */
const mostSearched = 20;

/** `partners`: only the conversations with them. `known`: those of an earlier reading, by partner. */
type Wanted = {
  partners?: readonly VisitorId[];
  known?: ReadonlyMap<VisitorId, ConversationView> | undefined;
};

/**
 * A visitor's current conversations and requests, the last active first. The room says whether one is a request. A
 * conversation that is `known` has its last text: read again when the room has a new entry, which may be a removal. The
 * others have none. Throws ChatError.
 */
export async function viewOf(
  options: ViewSources,
  visitor: VisitorId,
  { partners, known }: Wanted = {},
): Promise<View> {
  const { broker, conversationIndex, onlineVisitors, lastTexts } = options;
  const list = await conversationIndex.list(visitor, partners);
  const listing = withoutDoubles(list.found);
  const summaries = await broker.rooms.summaries(
    listing.map(({ partner }) => directRoomOf(visitor, partner)),
  );
  correctList(options, visitor, listing, summaries);
  const found = await withNames(options, visitor, listing, summaries);
  const [unread, areOnline, texts] = await Promise.all([
    broker.unread.count(
      found.map(({ summary }) => summary.id),
      visitor,
    ),
    onlineVisitors.areOnline(found.map(({ listed }) => listed.partner)),
    Promise.all(
      found.map(({ listed, summary }) => textSince(known?.get(listed.partner), lastTexts, summary, visitor)),
    ),
  ]);
  const views = found.map(({ listed, summary, name, isTogether }, position): ConversationView => {
    const { partner: id, lastEntryAt, hasBlocked } = listed;
    const isOnline = areOnline[position] ?? false;
    const online = isOnline && !hasBlocked && (summary.askedBy === undefined || isTogether);
    const request = requestIn(summary, visitor);
    const text = texts[position];
    return {
      isOnline,
      summary,
      conversation: {
        room: roomOf(summary),
        partner: { id, name, online },
        lastEntryAt,
        unread: unread[position] ?? 0,
        ...(request && { request }),
        ...(text !== undefined && { text }),
      },
    };
  });
  return { version: list.version, views };
}

async function textSince(
  was: ConversationView | undefined,
  lastTexts: LastTexts,
  summary: RoomSummary,
  visitor: VisitorId,
): Promise<string | undefined> {
  if (was === undefined) return undefined;
  const { epoch, seq } = summary.head ?? {};
  const isSame = was.summary.head?.epoch === epoch && was.summary.head?.seq === seq;
  return isSame ? was.conversation.text : lastTexts.of(summary, visitor);
}

/** An entry in both lists was accepted a moment ago: it is a conversation. */
function withoutDoubles(found: readonly ListedConversation[]): ListedConversation[] {
  const listing = new Map([...found].reverse().map((listed) => [listed.partner, listed]));
  return found.filter((listed) => listing.get(listed.partner) === listed);
}

/** Runs in the background: a correction that fails is found again next time. */
function correctList(
  { broker, conversationIndex, sharedRooms }: ViewSources,
  visitor: VisitorId,
  listing: readonly ListedConversation[],
  summaries: readonly (RoomSummary | undefined)[],
): void {
  let searched = 0;
  for (const [position, listed] of listing.entries()) {
    const summary = summaries[position];
    const { partner, isRequest } = listed;
    if (summary === undefined) {
      conversationIndex.ended(visitor, listed).catch(() => undefined);
      continue;
    }
    if (isRequest && !isRequestTo(visitor, summary))
      conversationIndex.accepted(visitor, partner, summary.createdAt).catch(() => undefined);
    searched += summary.sharedRoom === undefined ? 1 : 0;
    if (summary.sharedRoom === undefined && summary.askedBy === undefined && searched <= mostSearched)
      sharedRooms
        .of(visitor, partner)
        .then(({ room }) => broker.rooms.accept(summary.id, visitor, room))
        .catch(() => undefined);
  }
}

/** Finds names by the room in which the two have met; while one requests the other, by the lobby as well. */
async function withNames(
  { broker }: ViewSources,
  visitor: VisitorId,
  listing: readonly ListedConversation[],
  summaries: readonly (RoomSummary | undefined)[],
): Promise<Found[]> {
  const there = listing.flatMap((listed, position) => {
    const summary = summaries[position];
    return summary === undefined ? [] : [{ listed, summary }];
  });
  const pending = new Set(there.filter(({ summary }) => summary.askedBy !== undefined).slice(0, mostPending));
  const questions = there.map((each) => {
    const rooms = new Set([each.summary.sharedRoom ?? "", ...(pending.has(each) ? [lobbyId] : [])]);
    // A visitor that shares no room with its partner learns neither its name there nor that it is there.
    const members = pending.has(each) ? [visitor, each.listed.partner] : [each.listed.partner];
    return [...rooms]
      .filter((room) => room !== "")
      .flatMap((room) => members.map((member) => ({ room, visitor: member })));
  });
  const names = await broker.rooms.namesIn(questions.flat());
  return there.map(({ listed, summary }, position): Found => {
    const own = questions[position] ?? [];
    const answers = names.splice(0, own.length);
    const nameOf = (member: VisitorId, room: RoomId) =>
      answers[own.findIndex((question) => question.visitor === member && question.room === room)];
    const inShared = nameOf(listed.partner, summary.sharedRoom ?? "");
    const inLobby = nameOf(visitor, lobbyId) && nameOf(listed.partner, lobbyId);
    const isTogether = [summary.sharedRoom ?? "", lobbyId].some((room) =>
      [visitor, listed.partner].every((member) => nameOf(member, room)?.isMember),
    );
    const name = (inShared ?? inLobby)?.name ?? forgottenName;
    return { listed, summary, name, isTogether };
  });
}
