import { expect, test } from "@playwright/test";
import type { Range } from "../../server/broker/broker";
import { MemoryBroker } from "../../server/broker/memory-broker";
import { Allowance } from "../../server/chat/allowance";
import { ChatError } from "../../server/chat/errors";
import { Rooms } from "../../server/chat/rooms";
import { Deliveries } from "../../server/gateway/deliveries";
import { Membership } from "../../server/gateway/membership";
import { RoomDelivery } from "../../server/gateway/room-delivery";
import type { ChatServer, ChatSocket } from "../../server/gateway/socket-types";
import { systemClock } from "../../server/lib/clock";

/** A broker whose readings can be refused, as a store that is away does. */
class UnsteadyBroker extends MemoryBroker {
  isAway = false;

  override async read(room: string, range: Range) {
    if (this.isAway) throw new ChatError("unavailable");
    return super.read(room, range);
  }
}

function opened() {
  const clock = { ...systemClock, every: () => () => undefined };
  const broker = new UnsteadyBroker({ historyLimit: 100, historyDays: 30 }, clock);
  const unlimited = new Allowance(undefined);
  const rooms = new Rooms(broker, { messages: unlimited, arrivals: unlimited, creations: unlimited });
  const live: boolean[] = [];
  const socket = {
    id: "connection",
    data: { visitor: { id: "v" }, locale: "en", token: "" },
    connected: true,
    join: () => void live.push(true),
    leave: () => void live.push(false),
  } as unknown as ChatSocket;
  const io = { to: () => ({ emit: () => true }) } as unknown as ChatServer;
  const deliveries = new Deliveries(
    (room) => new RoomDelivery(room, { io, broker, clock, delivered: () => undefined }),
  );
  return { broker, live, membership: new Membership(socket, { rooms, broker, deliveries }) };
}

test("[C-1] a repeated join that fails half-way leaves the connection on live delivery", async () => {
  const { broker, live, membership } = opened();
  const { follow } = await membership.join({ room: "lobby" });
  follow();
  await expect.poll(() => live.at(-1)).toBe(true);
  broker.isAway = true;
  await expect(membership.join({ room: "lobby" })).rejects.toMatchObject({ code: "unavailable" });
  broker.isAway = false;
  expect(membership.isIn("lobby")).toBe(true);
  await expect.poll(() => live.at(-1)).toBe(true);
});
