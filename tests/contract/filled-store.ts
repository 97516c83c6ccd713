import { AccountStore } from "../../server/accounts/account-store";
import { VisitedRooms } from "../../server/accounts/visited-rooms";
import type { Broker } from "../../server/broker/broker";
import { directRoomOf } from "../../server/broker/direct-rooms";
import { ConversationIndex } from "../../server/direct/conversation-index";
import { WrittenMessages } from "../../server/limits/written-messages";
import { StateStore } from "../../server/moderation/state-store";
import type { Records } from "../../server/records/records";
import { RoomIndex } from "../../server/rooms/room-index";
import { endKeptMs } from "./account-contract";
import { draft, enter, renameAs } from "./observed-room";

export const [ann, ben, cleo] = ["ann-012345678901", "ben-012345678901", "cle-012345678901"] as const;
export const conversation = directRoomOf(ann, ben);

/** Names that begin with a character beyond U+FFFF: it sorts last in UTF-8, but not in UTF-16. */
export const beyondFfff = { handle: "\u{20BB7}野", title: "\u{1F389} party" };

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** Fills a store with one of everything it keeps: in `tea`, the lobby, a closed room, a conversation, and the records. */
export async function fillStore(broker: Broker, records: Records): Promise<void> {
  await fillRooms(broker);
  await fillRecords(records);
}

async function fillRooms(broker: Broker): Promise<void> {
  const { rooms, feed, membership } = broker;
  await rooms.create({ id: "tea", title: "Tea \u{1F375}", kind: "public", owner: ann });
  await enter(broker, "tea", ann, "a1", "Otter");
  await enter(broker, "tea", ben, "b1", "Heron");
  await enter(broker, "tea", cleo, "c1", "Crane");
  const said = await feed.publish("tea", "a1", draft("said"));
  await feed.publish("tea", "b1", { ...draft("an answer,\nin two lines"), replyTo: said.seq });
  const regretted = await feed.publish("tea", "b1", draft("regretted"));
  await feed.remove("tea", "b1", regretted.seq);
  const shadowed = await feed.publish("tea", "c1", { ...draft("spam"), isWithheld: true });
  await feed.publish("tea", "c1", { ...draft("more spam"), isWithheld: true });
  await feed.publishWithheld("tea", shadowed.seq);
  await feed.publish("tea", "a1", { ...draft("by the owner"), role: "owner" });
  await renameAs(broker, "tea", ben, "b1", "Swan");
  await Promise.all(numbers(300).map((index) => feed.publish("tea", "a1", draft(`tea ${index}`))));
  await membership.leave("tea", "b1");
  await enter(broker, "tea", "dan-012345678901", "d1", "Dipper");
  await feed.publish("tea", "d1", draft("to be forgotten"));
  await rooms.forget("tea", "dan-012345678901");

  // A crowd: some of its joins are only counted.
  await Promise.all(numbers(63).map((index) => enter(broker, "lobby", `v${index}`, `w${index}`)));
  await rooms.create({ id: "shed", title: "Shed", kind: "public", owner: ann });
  await enter(broker, "shed", ann, "a2", "Otter");
  await rooms.close("shed", "a2");

  await rooms.create({ id: conversation, title: "", kind: "direct", askedBy: ann, sharedRoom: "tea" });
  await enter(broker, conversation, ann, "a3", "Otter");
  await feed.publish(conversation, "a3", draft("hello"));
}

async function fillRecords(records: Records): Promise<void> {
  const accounts = new AccountStore(records, { endKeptMs });
  const session = { visitor: ann, generation: 0 };
  await accounts.add(session, "ada", { handle: "Ada", password: "$argon2id$hash" });
  await accounts.add({ visitor: "eve-012345678901", generation: 0 }, beyondFfff.handle, {
    handle: beyondFfff.handle,
    password: "$argon2id$hash",
  });
  await accounts.codes.keep("digest", session, 600_000);
  await accounts.devices.note({ ...session, device: "phone" }, { name: "Firefox", isProven: true });
  await accounts.end({ visitor: cleo, generation: 0 });
  const visits = new VisitedRooms(records);
  for (const visitor of [ann, ben]) await visits.visited(visitor, "tea");
  await visits.beginForgetting({ visitor: "dan-012345678901", generation: 1 }, 0);
  const index = new RoomIndex(records);
  const quota = { open: 10, made: 5, windowMs: 3_600_000, confirmedAfterMs: 1_000 };
  await index.slots.reserve(ann, "tea", quota);
  await index.heard([{ room: "tea", activeAt: 1_000, people: 2 }]);
  for (const title of ["tea", beyondFfff.title]) await index.titles.claim(title, "tea");
  const conversations = new ConversationIndex(records, { historyDays: 30 });
  await conversations.requested(ann, ben, Date.now());
  await conversations.messageSent(ann, cleo, Date.now());
  await conversations.settings.block(ben, cleo, true);
  await new WrittenMessages(records).add(cleo, "tea 1", 600_000);
  const states = new StateStore(records);
  await states.write([{ subject: `role ${ann}`, text: '{"role":"owner"}' }], { by: ann, did: "owner:claim" });
  await states.write([{ subject: `sanction ${cleo}`, text: '{"muted":true}' }], {
    by: ann,
    did: "visitor:mute",
  });
}
