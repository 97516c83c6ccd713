import type { Conversation, RoomId, VisitorId } from "../../protocol/events";
import { forgottenName, lobbyId } from "../../protocol/limits";
import type { Broker } from "../broker/broker";
import { directRoomOf } from "../broker/direct-rooms";
import type { RoomSummary } from "../broker/rooms";
import type { ConversationIndex, ListedConversation } from "./conversation-index";
import { requestIn, roomOf } from "./conversation-room";
import type { Meetings } from "./meetings";
import type { OnlineVisitors } from "./online-visitors";

type ViewSources = {
  broker: Broker;
  index: ConversationIndex;
  onlineVisitors: OnlineVisitors;
  meetings: Meetings;
};

/** `isHere`: whether the partner is online, even if that is not shown to the visitor. */
export type ConversationView = { conversation: Conversation; isHere: boolean };
export type View = { version: string; seen: ConversationView[] };

/** A listed conversation, its room, and what the two visitors know of each other. */
type Found = { place: ListedConversation; look: RoomSummary; name: string; isTogether: boolean };

/** For how many unanswered requests to ask whether the two are in one room; requests further down do not matter. */
const mostPending = 50;
/** For how many conversations of an earlier version to find out at once where the two have met; the others follow. */
const mostSearched = 20;

/**
 * A visitor's current conversations and requests, the last active first, or only those with the given partners. The
 * room says whether one is a request. Throws ChatError.
 */
export async function viewOf(
  options: ViewSources,
  visitor: VisitorId,
  partners?: readonly VisitorId[],
): Promise<View> {
  const { broker, index, onlineVisitors } = options;
  const list = await index.list(visitor, partners);
  const places = withoutDoubles(list.found);
  const looks = await broker.summaries(places.map(({ partner }) => directRoomOf(visitor, partner)));
  setRight(options, visitor, places, looks);
  const found = await knowing(options, visitor, places, looks);
  const [unread, here] = await Promise.all([
    broker.unread(
      found.map(({ look }) => look.id),
      visitor,
    ),
    onlineVisitors.areHere(found.map(({ place }) => place.partner)),
  ]);
  const seen = found.map(({ place, look, name, isTogether }, position): ConversationView => {
    const { partner: id, lastEntryAt, hasBlocked } = place;
    const isHere = here[position] ?? false;
    const online = isHere && !hasBlocked && (look.askedBy === undefined || isTogether);
    const request = requestIn(look, visitor);
    return {
      isHere,
      conversation: {
        room: roomOf(look),
        partner: { id, name, online },
        lastEntryAt,
        unread: unread[position] ?? 0,
        ...(request && { request }),
      },
    };
  });
  return { version: list.version, seen };
}

/** An entry in both lists was accepted a moment ago: it is a conversation. */
function withoutDoubles(found: readonly ListedConversation[]): ListedConversation[] {
  const places = new Map([...found].reverse().map((place) => [place.partner, place]));
  return found.filter((place) => places.get(place.partner) === place);
}

/** Runs in the background: a correction that fails is found again next time. */
function setRight(
  { broker, index, meetings }: ViewSources,
  visitor: VisitorId,
  places: readonly ListedConversation[],
  looks: readonly (RoomSummary | undefined)[],
): void {
  let searched = 0;
  for (const [position, place] of places.entries()) {
    const look = looks[position];
    const { partner, isRequest } = place;
    if (look === undefined) {
      index.ended(visitor, place).catch(() => undefined);
      continue;
    }
    const isAsked = look.askedBy !== undefined && look.askedBy !== visitor;
    if (isRequest && !isAsked) index.accepted(visitor, partner, look.createdAt).catch(() => undefined);
    searched += look.met === undefined ? 1 : 0;
    if (look.met === undefined && look.askedBy === undefined && searched <= mostSearched)
      meetings
        .of(visitor, partner)
        .then(({ room }) => broker.accept(look.id, visitor, room))
        .catch(() => undefined);
  }
}

/** Finds names by the room in which the two have met; while one asks the other, by the lobby as well. */
async function knowing(
  { broker }: ViewSources,
  visitor: VisitorId,
  places: readonly ListedConversation[],
  looks: readonly (RoomSummary | undefined)[],
): Promise<Found[]> {
  const there = places.flatMap((place, position) => {
    const look = looks[position];
    return look === undefined ? [] : [{ place, look }];
  });
  const pending = new Set(there.filter(({ look }) => look.askedBy !== undefined).slice(0, mostPending));
  const questions = there.map((each) => {
    const rooms = new Set([each.look.met ?? "", ...(pending.has(each) ? [lobbyId] : [])]);
    // A visitor that shares no room with its partner learns neither its name there nor that it is there.
    const members = pending.has(each) ? [visitor, each.place.partner] : [each.place.partner];
    return [...rooms]
      .filter((room) => room !== "")
      .flatMap((room) => members.map((member) => ({ room, visitor: member })));
  });
  const names = await broker.namesIn(questions.flat());
  return there.map(({ place, look }, position): Found => {
    const own = questions[position] ?? [];
    const answers = names.splice(0, own.length);
    const nameOf = (member: VisitorId, room: RoomId) =>
      answers[own.findIndex((asked) => asked.visitor === member && asked.room === room)];
    const inMet = nameOf(place.partner, look.met ?? "");
    const inLobby = nameOf(visitor, lobbyId) && nameOf(place.partner, lobbyId);
    const isTogether = [look.met ?? "", lobbyId].some((room) =>
      [visitor, place.partner].every((member) => nameOf(member, room)?.isMember),
    );
    const name = (inMet ?? inLobby)?.name ?? forgottenName;
    return { place, look, name, isTogether };
  });
}
