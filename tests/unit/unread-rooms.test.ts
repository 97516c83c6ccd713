import { openHearing } from "../../components/chat/client/chat-client";
import { hearUnread, keepUnread, unreadRooms } from "../../components/chat/client/unread-rooms";
import type { Conversation } from "../../protocol/events";
import { expect, test } from "../support/plain-test";
import { FakeEnvironment, settle } from "./fake-environment";

const changed = (room: string, unread: number) => ({ room, lastEntryAt: 0, unread });
const conversation = (id: string, unread: number): Conversation => ({
  room: { id, title: "", kind: "direct", createdAt: 0, closed: false },
  partner: { id: `partner-of-${id}`, name: "Brave Otter", online: false },
  lastEntryAt: 0,
  unread,
});

/** A connection of a visitor with this token, or of a new visitor. */
async function connected(token?: string) {
  keepUnread([conversation("direct-of-before", 1)]);
  const environment = new FakeEnvironment();
  const asked: string[] = [];
  const handshake = () => {
    asked.push("token");
    return { protocol: 1 as const, ...(token && { token }) };
  };
  openHearing(environment, handshake, { opened: () => asked.push("opened"), ended: () => {} });
  await settle();
  await environment.socket.hear("connect");
  return { socket: environment.socket, asked };
}

test("each conversation with unread messages counts once, until they are read", () => {
  keepUnread([conversation("direct-a", 2), conversation("direct-b", 1), conversation("direct-x", 0)]);
  hearUnread(changed("direct-a", 3));
  hearUnread(changed("direct-c", 1));
  expect(unreadRooms()).toEqual(["direct-b", "direct-a", "direct-c"]);
  hearUnread(changed("direct-b", 0));
  hearUnread(changed("direct-x", 0));
  expect(unreadRooms()).toEqual(["direct-a", "direct-c"]);
});

test("a connection in any room learns of unread conversations, old and new", async () => {
  const { socket, asked } = await connected("a token");
  expect(asked, "the token once, and the room first").toEqual(["token", "opened"]);
  await socket
    .last("direct:list")
    .answer({ ok: true, conversations: [conversation("direct-a", 2)], refuse: false, blocked: [] });
  expect(unreadRooms()).toEqual(["direct-a"]);
  await socket.hear("direct:changed", changed("direct-b", 1));
  expect(unreadRooms()).toEqual(["direct-a", "direct-b"]);
});

test("a new visitor does not ask for conversations, and learns of the first", async () => {
  const { socket } = await connected();
  expect(socket.asked).toEqual([]);
  expect(unreadRooms(), "the other visitor's rooms are gone").toEqual([]);
  await socket.hear("direct:changed", changed("direct-a", 1));
  expect(unreadRooms()).toEqual(["direct-a"]);
});
