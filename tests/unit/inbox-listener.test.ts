import { SocketInboxListener } from "../../server/gateway/inbox-listener";
import type { SendBacklog } from "../../server/gateway/send-backlog";
import type { ChatSocket } from "../../server/gateway/socket-types";
import { expect, test } from "../support/plain-test";

/** A connection that reads only when the test says so. */
function open() {
  const told: [string, unknown][] = [];
  const waiting: (() => void)[] = [];
  const backlog = {
    isSlow: false,
    drained: () => new Promise<void>((resolve) => waiting.push(resolve)),
  };
  const socket = { emit: (name: string, body: unknown) => told.push([name, body]) };
  const listener = new SocketInboxListener(
    socket as unknown as ChatSocket,
    backlog as unknown as SendBacklog,
  );
  const readOn = async () => {
    backlog.isSlow = false;
    for (const resolve of waiting.splice(0)) resolve();
    await new Promise<void>((resolve) => setImmediate(resolve));
  };
  return { listener, backlog, told, readOn };
}

const change = (room: string, unread: number) => ({ room, lastEntryAt: unread, unread });

test("[DM-4] a connection that reads is told each change at once", () => {
  const { listener, told } = open();
  listener.conversationChanged(change("a", 1));
  listener.presenceChanged({ visitor: "v", online: true });
  listener.conversationChanged(change("a", 2));
  expect(told).toEqual([
    ["direct:changed", change("a", 1)],
    ["presence:changed", { visitor: "v", online: true }],
    ["direct:changed", change("a", 2)],
  ]);
});

test("[W-7] [DM-4] a connection that does not read gets nothing, and the last state of each conversation once it reads", async () => {
  const { listener, backlog, told, readOn } = open();
  backlog.isSlow = true;
  for (let unread = 1; unread <= 1_000; unread += 1) listener.conversationChanged(change("a", unread));
  listener.conversationChanged(change("b", 1));
  listener.presenceChanged({ visitor: "v", online: true });
  listener.presenceChanged({ visitor: "v", online: false });
  expect(told).toEqual([]);
  await readOn();
  const last = [
    ["direct:changed", change("a", 1_000)],
    ["direct:changed", change("b", 1)],
    ["presence:changed", { visitor: "v", online: false }],
  ];
  expect(told).toEqual(last);
  listener.conversationChanged(change("a", 1_001));
  expect(told, "from then on at once").toEqual([...last, ["direct:changed", change("a", 1_001)]]);
  backlog.isSlow = true;
  listener.conversationChanged(change("a", 1_002));
  await readOn();
  expect(told.at(-1)).toEqual(["direct:changed", change("a", 1_002)]);
});
