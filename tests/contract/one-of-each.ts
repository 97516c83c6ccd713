import { AccountStore } from "../../server/accounts/account-store";
import { QuotaStore } from "../../server/accounts/quota-store";
import { VisitedRooms } from "../../server/accounts/visited-rooms";
import { directRoomOf } from "../../server/broker/direct-rooms";
import type { RedisBroker } from "../../server/broker/redis/broker";
import { ConversationIndex } from "../../server/direct/conversation-index";
import { RedisSharedRates } from "../../server/limits/redis/shared-rates";
import { WrittenMessages } from "../../server/limits/written-messages";
import { StateStore } from "../../server/moderation/state-store";
import { RedisRecords } from "../../server/records/redis/records";
import type { RedisClients } from "../../server/redis/clients";
import { RoomIndex } from "../../server/rooms/room-index";
import { until } from "../support/until";
import { endKeptMs } from "./account-contract";
import { draft, enter, named, rename } from "./observed-room";

/** Writes one of everything that replicas write. */
export async function writeOneOfEach(
  broker: RedisBroker,
  { redis }: RedisClients,
  prefix: string,
): Promise<void> {
  await broker.rooms.create({ id: "garden", title: "Garden", kind: "public", owner: "a" });
  await enter(broker, "garden", "a", "a1");
  await enter(broker, "garden", "b", "b1");
  for (const text of ["one", "two", "three"]) await broker.feed.publish("garden", "a1", draft(text));
  await rename(broker, "garden", "b", "b1", "Beech");
  await broker.feed.publish("garden", "b1", draft("from b"));
  await broker.feed.remove("garden", "a1", 4);
  await broker.typing.set("garden", "a1", true);
  await broker.membership.list("garden");
  await broker.feed.removeAllOf("garden", "b");
  await broker.rooms.retitle("garden", "Yard");
  await broker.membership.expel("garden", "b");
  await broker.rooms.forget("garden", "b");
  // A crowd with joins that are only counted, and a name that is kept for the visitor that spoke under it.
  for (let index = 0; index < 65; index += 1) await enter(broker, "garden", `v${index}`, `w${index}`);
  await broker.feed.publish("garden", "w64", draft("heard by all"));
  for (const index of [0, 64]) await broker.membership.leave("garden", `w${index}`);
  await until("the crowd", async () =>
    (await broker.feed.read("garden", { limit: 5 })).entries.some(({ kind }) => kind === "visits"),
  );
  await broker.rooms.create({ id: "shed", title: "Shed", kind: "public", owner: "a" });
  await enter(broker, "shed", "a", "a2");
  await broker.rooms.close("shed", "a2");
  await broker.rooms.create({ id: "porch", title: "Porch", kind: "public", owner: "a" });
  await enter(broker, "porch", "a", "a5");
  await enter(broker, "porch", "b", "b5");
  await broker.rooms.retitle("porch", "Veranda");
  const { seq } = await broker.feed.publish("porch", "a5", { ...draft("by the owner"), role: "owner" });
  for (const isWithheld of [true, false])
    await broker.feed.publish("porch", "b5", { ...draft("spam"), isWithheld });
  await broker.feed.publishWithheld("porch", seq + 1);
  await broker.feed.removeAny("porch", seq);
  await broker.feed.removeAllOf("porch", "b");
  await broker.membership.expel("porch", "b");
  await broker.rooms.ownViews(["porch"], "b");
  await broker.rooms.end("porch", { id: "o", name: "Owner", role: "owner" });
  await enter(broker, "lobby", "a", "a3");
  await enter(broker, "lobby", "c", "c1");
  for (let index = 0; index < 10; index += 1)
    await broker.feed.publish("lobby", "a3", draft(`lobby ${index}`));
  await broker.membership.leave("lobby", "c1");
  await broker.membership.enter({
    room: "lobby",
    connection: "c2",
    visitor: "c",
    names: [named("c")],
    isReturn: true,
  });
  const [ann, ben] = ["a", "b"].map((letter) => letter.repeat(16)) as [string, string];
  const pair = directRoomOf(ann, ben);
  await broker.rooms.create({ id: pair, title: pair, kind: "direct", askedBy: ann, sharedRoom: "lobby" });
  await enter(broker, pair, ann, "a4");
  await broker.feed.publish(pair, "a4", draft("hello"));
  await broker.rooms.accept(pair, ben, "garden");
  await broker.unread.count([pair], ben);
  const { epoch } = await broker.feed.read("garden", { limit: 10 });
  await broker.feed.rewind("garden", epoch);

  const records = new RedisRecords(redis, prefix);
  const roomIndex = new RoomIndex(records);
  const quota = { open: 10, made: 5, windowMs: 3_600_000, confirmedAfterMs: 1_000 };
  await roomIndex.slots.reserve("a", "garden", quota);
  await roomIndex.heard([{ room: "garden", activeAt: 1_000, people: 1 }]);
  const title = await roomIndex.titles.claim("garden", "garden");
  await roomIndex.titles.claim("shed", "shed");
  await roomIndex.titles.freeAndConfirm({ gone: [], there: [title.claim] });
  const { active, crowded } = await roomIndex.read();
  if (active.length === 0) throw new Error("the room is not listed");
  const findings = active.map((ranked) => ({ ranked, truly: ranked.rank + 1 }));
  await roomIndex.correct({
    active: findings,
    crowded: crowded.map((ranked) => ({ ranked, truly: undefined })),
  });
  await new RedisSharedRates(redis, prefix).take("network", [
    { key: "rooms", rate: { perSecond: 1 / 60, burst: 5 } },
    { key: "bytes", rate: { perSecond: 1, burst: 500 }, cost: 50 },
  ]);
  const written = new WrittenMessages(records);
  await written.add("a", "garden 1", 60_000);
  await written.remove("a", "garden 2");
  const moderated = new StateStore(records);
  await moderated.write([{ subject: "role a", text: "{}" }], { by: "a", did: "owner:claim" });
  await moderated.amend("role a", () => '{"role":"moderator"}');
  await moderated.changedAfter(0);
  await moderated.all();
  await moderated.acts(undefined, 10);
  const visits = new VisitedRooms(records);
  await visits.visited("a", "garden");
  await visits.beginForgetting({ visitor: "d", generation: 1 }, 0);
  await visits.takeForgetting();
  const accounts = new AccountStore(records, { endKeptMs });
  const [a, b] = [
    { visitor: "a", generation: 0 },
    { visitor: "b", generation: 0 },
  ];
  await accounts.add(a, "ada", { handle: "Ada", password: "hash" });
  await accounts.find("ada");
  await accounts.read(a);
  await accounts.codes.keep("code", a, 600_000);
  await accounts.codes.take("code");
  await accounts.codes.keep("other", a, 600_000);
  await accounts.end(b);
  const phone = { ...a, device: "phone" };
  await accounts.devices.note(phone, { name: "Firefox, Android", isProven: true });
  await accounts.devices.note({ ...a, device: "desk" }, { name: "", isProven: false });
  await accounts.devices.list(a);
  await accounts.devices.end(a, "desk");
  const was = { handle: "Ada", password: "hash" };
  await accounts.setPassword(phone, { was, password: "other", ending: false });
  await accounts.add({ visitor: "c", generation: 0 }, "cleo", { handle: "Cleo", password: "hash" });
  await accounts.remove({ visitor: "c", generation: 0 });
  await new QuotaStore(records).spend([{ key: "tries", limit: 5, windowMs: 600_000 }]);
  const index = new ConversationIndex(records, { historyDays: 30 });
  await index.messageSent(ann, ben, 1_000);
  await index.drop(ann, ben);
  await index.opened("c", "b", 1);
  await index.requested("c", "b", 2);
  await index.messageSent("a", "b", 5);
  for (const each of (await index.list("a")).found) await index.ended("a", each);
  await index.settings.block("a", "b", true);
}
