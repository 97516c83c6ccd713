import type { Entry, RoomId } from "../../protocol/events";
import { isPublicRoom } from "../../protocol/limits";
import type { Broker } from "../broker/broker";
import { withheldOf } from "../broker/entry-json";
import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import { singleFlight } from "../lib/single-flight";
import type { Webhook } from "./webhook";

/** For this time after an event, further messages of lone visitors in that room post none. */
export const quietMs = 3_600_000;
/** How often rooms are looked at, all at once and never for each message. */
export const lookEveryMs = 1_000;

type FirstMessagesOptions = {
  webhook: Pick<Webhook, "add">;
  broker: { rooms: Pick<Broker["rooms"], "summaries"> };
  clock: Clock;
  logger: Logger;
};

/** Finds messages of visitors that are alone in a public room. */
export class FirstMessages {
  private spoken = new Map<RoomId, { seq: number; at: number }>();
  private readonly stop: () => void;

  constructor(private readonly options: FirstMessagesOptions) {
    const look = singleFlight(() => this.look());
    this.stop = options.clock.every(lookEveryMs, () => void look());
  }

  /** Takes the entries that this replica delivers. Those of owner and moderators are no news to them. */
  delivered(room: RoomId, entries: readonly Entry[]): void {
    const said = entries.find(
      (entry) => entry.kind === "message" && entry.by.role === undefined && withheldOf(entry) === undefined,
    );
    if (said === undefined || !isPublicRoom(room) || this.spoken.has(room)) return;
    this.spoken.set(room, { seq: said.seq, at: said.at });
  }

  close(): void {
    this.stop();
  }

  private async look(): Promise<void> {
    if (this.spoken.size === 0) return;
    const { webhook, broker, logger } = this.options;
    const spoken = [...this.spoken];
    this.spoken = new Map();
    try {
      const summaries = await broker.rooms.summaries(spoken.map(([room]) => room));
      const alone = spoken.filter((_, index) => (summaries[index]?.memberCount ?? 2) < 2);
      await Promise.all(
        alone.map(([room, { seq, at }]) => webhook.add({ event: "first-message", room, seq, at }, quietMs)),
      );
    } catch (error) {
      logger.debug({ err: error }, "could not tell whether a visitor is alone");
    }
  }
}
