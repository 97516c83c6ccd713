import { expect, test } from "@playwright/test";
import { openHearing } from "../../components/chat/chat-client";
import { hearUnread, keepUnread, unreadRooms } from "../../components/chat/unread-rooms";
import { FakeWorld, settle } from "./fake-world";

const changed = (room: string, unread: number) => ({ room, lastEntryAt: 0, unread });

test("each conversation with something unread counts once, until it has been read", () => {
  keepUnread(["direct-a", "direct-b"]);
  hearUnread(changed("direct-a", 3));
  hearUnread(changed("direct-c", 1));
  expect(unreadRooms()).toEqual(["direct-b", "direct-a", "direct-c"]);
  hearUnread(changed("direct-b", 0));
  hearUnread(changed("direct-x", 0));
  expect(unreadRooms()).toEqual(["direct-a", "direct-c"]);
});

test("whoever is in any room hears of their conversations on that connection", async () => {
  keepUnread([]);
  const world = new FakeWorld();
  openHearing(world, () => ({ protocol: 1 }), { opened: () => {}, ended: () => {} });
  await settle();
  await world.socket.hear("direct:changed", changed("direct-a", 2));
  expect(unreadRooms()).toEqual(["direct-a"]);
});
