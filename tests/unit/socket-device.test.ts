import { expect, test } from "@playwright/test";
import type { Outflow } from "../../server/gateway/outflow";
import { SocketDevice } from "../../server/gateway/socket-device";
import type { ChatSocket } from "../../server/gateway/socket-types";

/** A connection that reads, or does not, as the test says. */
function open() {
  const told: [string, unknown][] = [];
  const waiting: (() => void)[] = [];
  const outflow = {
    isSlow: false,
    drained: () => new Promise<void>((resolve) => waiting.push(resolve)),
  };
  const socket = { emit: (name: string, body: unknown) => told.push([name, body]) };
  const device = new SocketDevice(socket as unknown as ChatSocket, outflow as unknown as Outflow);
  const readOn = async () => {
    outflow.isSlow = false;
    for (const resolve of waiting.splice(0)) resolve();
    await new Promise<void>((resolve) => setImmediate(resolve));
  };
  return { device, outflow, told, readOn };
}

const change = (room: string, unread: number) => ({ room, lastEntryAt: unread, unread });

test("[DM-4] a connection that reads is told each change at once", () => {
  const { device, told } = open();
  device.conversationChanged(change("a", 1));
  device.presenceChanged({ visitor: "v", online: true });
  device.conversationChanged(change("a", 2));
  expect(told).toEqual([
    ["direct:changed", change("a", 1)],
    ["presence:changed", { visitor: "v", online: true }],
    ["direct:changed", change("a", 2)],
  ]);
});

test("[W-7] [DM-4] a connection that does not read gets nothing, and the last state of each conversation once it reads", async () => {
  const { device, outflow, told, readOn } = open();
  outflow.isSlow = true;
  for (let unread = 1; unread <= 1_000; unread += 1) device.conversationChanged(change("a", unread));
  device.conversationChanged(change("b", 1));
  device.presenceChanged({ visitor: "v", online: true });
  device.presenceChanged({ visitor: "v", online: false });
  expect(told).toEqual([]);
  await readOn();
  const last = [
    ["direct:changed", change("a", 1_000)],
    ["direct:changed", change("b", 1)],
    ["presence:changed", { visitor: "v", online: false }],
  ];
  expect(told).toEqual(last);
  device.conversationChanged(change("a", 1_001));
  expect(told, "and from then on at once").toEqual([...last, ["direct:changed", change("a", 1_001)]]);
  outflow.isSlow = true;
  device.conversationChanged(change("a", 1_002));
  await readOn();
  expect(told.at(-1)).toEqual(["direct:changed", change("a", 1_002)]);
});
