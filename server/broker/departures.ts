import type { RoomId } from "../../protocol/events";
import type { StoreConnection } from "../redis/clients";
import type { Keys } from "../redis/keys";
import type { ConnectionId } from "./broker";

/** How many departures one round takes up. */
const departuresPerRound = 500;

export type Departure = { room: RoomId; connection: ConnectionId; graceMs: number };

type World = { commands: StoreConnection; keys: Keys };

/** Who is to leave and when, by the store's clock: a replica that is gone by then need not be there. */
export class Departures {
  private unsent: Departure[] = [];

  constructor(private readonly world: World) {}

  /** True while some wait for a store that does not take them. */
  get areWaiting(): boolean {
    return this.unsent.length > 0;
  }

  add(departure: Departure): void {
    this.unsent.push(departure);
  }

  /** Throws what the store says; what was not taken is kept. */
  async send(): Promise<void> {
    const batch = this.unsent;
    if (batch.length === 0) return;
    this.unsent = [];
    try {
      const now = await this.storeTime();
      const scored = batch.flatMap((departure) => [now + departure.graceMs, lineOf(departure)]);
      await this.world.commands.zadd(this.world.keys.departures, ...scored);
    } catch (error) {
      this.unsent.push(...batch);
      throw error;
    }
  }

  /** Connections that are due, by room. */
  async due(): Promise<Map<RoomId, ConnectionId[]>> {
    const { commands, keys } = this.world;
    const now = await this.storeTime();
    const lines = await commands.zrangebyscore(keys.departures, "-inf", now, "LIMIT", 0, departuresPerRound);
    const rooms = new Map<RoomId, ConnectionId[]>();
    for (const line of lines) {
      const [connection = "", room = ""] = line.split(" ");
      const connections = rooms.get(room) ?? [];
      connections.push(connection);
      rooms.set(room, connections);
    }
    return rooms;
  }

  /** Only after they were carried out: a replica that dies in between leaves them to the next. */
  async done(room: RoomId, connections: ConnectionId[]): Promise<void> {
    const lines = connections.map((connection) => lineOf({ room, connection }));
    await this.world.commands.zrem(this.world.keys.departures, ...lines);
  }

  private async storeTime(): Promise<number> {
    const [seconds, micros] = await this.world.commands.time();
    return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
  }
}

const lineOf = ({ room, connection }: Omit<Departure, "graceMs">): string => `${connection} ${room}`;
