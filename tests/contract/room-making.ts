import type { Broker } from "../../server/broker/broker";
import type { BrokerRooms } from "../../server/broker/rooms";
import type { ChatError } from "../../server/errors";
import type { ServerConnection } from "../../server/redis/server-connection";
import { until } from "../support/until";
import type { Store } from "./stores";

/** "made", or the code of the refusal. */
export const outcome = (making: Promise<unknown>) =>
  making.then(
    () => "made",
    (error: ChatError) => error.code,
  );

/** The same store, but rooms are made in another way. */
export function withCreate({ broker, roomIndex }: Store, create: BrokerRooms["create"]): Store {
  const rooms = Object.assign(Object.create(broker.rooms) as BrokerRooms, { create });
  return { roomIndex, broker: Object.assign(Object.create(broker) as Broker, { rooms }) };
}

/** Ends a room as HISTORY_DAYS without an entry would. */
export async function expire(
  { broker }: Store,
  id: string,
  client: Pick<ServerConnection, "pexpire">,
  prefix: string,
): Promise<void> {
  if (broker.kind === "memory") (broker.rooms as unknown as { rooms: Map<string, unknown> }).rooms.delete(id);
  else await client.pexpire(`${prefix}{${id}}:room`, 1);
  await until("its end", async () => (await broker.rooms.summaries([id]))[0] === undefined);
}
