import type { RoomId } from "../../../../protocol/events";
import type { Clock } from "../../../lib/clock";
import type { Logger } from "../../../lib/logger";
import { toChatError } from "../../../redis/store-error";
import { visitsMs } from "../../membership";
import type { BrokerEvents } from "../events";

/** Ask a little later: the store checks the time by its own clock. */
const slackMs = 50;

type CrowdNoticesOptions = {
  store: { tellVisits(room: RoomId): Promise<boolean> };
  events: BrokerEvents;
  clock: Clock;
  logger: Logger;
};

/** F-4: makes the store tell counted visits in time, even in a room without other entries. Replicas may overlap. */
export class CrowdNotices {
  private readonly waiting = new Map<RoomId, () => void>();
  private isClosed = false;

  constructor(private readonly options: CrowdNoticesOptions) {
    options.events.on("visitsWait", (room) => this.expect(room));
  }

  close(): void {
    this.isClosed = true;
    for (const cancel of this.waiting.values()) cancel();
    this.waiting.clear();
  }

  private expect(room: RoomId): void {
    if (this.isClosed || this.waiting.has(room)) return;
    const cancel = this.options.clock.after(visitsMs + slackMs, () => void this.tell(room));
    this.waiting.set(room, cancel);
  }

  private async tell(room: RoomId): Promise<void> {
    this.waiting.delete(room);
    try {
      if (await this.options.store.tellVisits(room)) this.expect(room);
    } catch (error) {
      const { code } = toChatError(error);
      if (code === "unavailable" || code === "storage_full") this.expect(room);
      else this.options.logger.debug({ room, err: error }, "could not publish counted visits");
    }
  }
}
