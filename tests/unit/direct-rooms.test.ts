import { nanoid } from "nanoid";
import { roomIdPattern } from "../../protocol/limits";
import { directRoomOf, pairOf, partnerIn, roomSeenBy } from "../../server/broker/direct-rooms";
import { expect, test } from "../support/plain-test";

const [ann, ben, eve] = ["AAAAAAAAAAAAAAA_", "-zzzzzzzzzzzzzz9", "eveeveeveeveeve0"] as const;
const room = directRoomOf(ann, ben);

test("[DM-1] two visitors have one room, from either side, and its id names both", () => {
  for (let pairs = 0; pairs < 500; pairs += 1) {
    const [one, other] = [nanoid(16), nanoid(16)];
    const id = directRoomOf(one, other);
    expect({
      isRoomId: roomIdPattern.test(id),
      fromTheOtherSide: directRoomOf(other, one),
      pair: [...(pairOf(id) ?? [])].sort(),
      partners: [partnerIn(id, one), partnerIn(id, other)],
    }).toEqual({
      isRoomId: true,
      fromTheOtherSide: id,
      pair: [one, other].sort(),
      partners: [other, one],
    });
  }
});

test("[DM-1] ids that differ only in capitals are different visitors, with another room", () => {
  const twin = ann.toLowerCase();
  expect(directRoomOf(twin, ben)).not.toBe(room);
  expect(partnerIn(room, twin)).toBeUndefined();
});

test("[DM-1] an id that is not a pair of two visitors has no room", () => {
  for (const other of [ann, "", "short", `${ben}x`, `${ben.slice(1)}=`, `${ben.slice(1)} `, "한".repeat(16)])
    expect(() => directRoomOf(ann, other)).toThrow(RangeError);
});

test("[DM-1] another spelling of a pair's id is not their room", () => {
  const [low, high] = [room.slice(7, 31), room.slice(31)];
  for (const id of [
    `direct-${high}${low}`,
    `direct-${low}${low}`,
    `direct-${low}`,
    `direct-${low}${high}0`,
    `direct-${low.replace(/.$/, "g")}${high}`,
    `direct-${(low + high).toUpperCase()}`,
    `direct-${low}-${high}`.slice(0, 55),
    `direct_${low}${high}`,
    `post-direct-${low}`,
    "direct-",
    "lobby",
  ]) {
    expect(pairOf(id), id).toBeUndefined();
    expect(partnerIn(id, ann), id).toBeUndefined();
  }
});

test("[C-5] all conversations of others map to one room that cannot exist", () => {
  const seen = roomSeenBy(eve, room);
  expect(seen).toMatch(roomIdPattern);
  expect(pairOf(seen)).toBeUndefined();
  expect(roomSeenBy(eve, directRoomOf(ann, eve)), "her own").toBe(directRoomOf(ann, eve));
  for (const id of [directRoomOf(ben, nanoid(16)), "direct-anything", "direct-", `${room}0`])
    expect(roomSeenBy(eve, id)).toBe(seen);
  for (const id of ["lobby", "post-direct", "tea", "direct", "direct_ann"])
    expect(roomSeenBy(eve, id)).toBe(id);
  expect([roomSeenBy(ann, room), roomSeenBy(ben, room)]).toEqual([room, room]);
});
