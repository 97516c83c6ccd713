import type { RoomId } from "../../../../protocol/events";
import type { Clock } from "../../../lib/clock";
import type { Logger } from "../../../lib/logger";
import { toChatError } from "../../../redis/store-error";
import { crowdNoticeMs } from "../../membership";
import type { BrokerEvents } from "../events";
import { appending, type RoomScript, type RoomScripts, type RunRoomScript } from "../room-scripts";

/** Ask a little later: the store checks the time by its own clock. */
const slackMs = 50;

const scripts = {
  "crowd-notice": { args: [], includes: appending, runsWhenFull: true },
} as const satisfies Record<string, RoomScript>;

type CrowdNoticesOptions = {
  scripts: RoomScripts;
  events: BrokerEvents;
  clock: Clock;
  logger: Logger;
};

/** F-4: has crowd notices written in time, even in a room without other entries. Replicas may overlap. */
export class CrowdNotices {
  private readonly waiting = new Map<RoomId, () => void>();
  private readonly run: RunRoomScript<typeof scripts>;
  private isClosed = false;

  constructor(private readonly options: CrowdNoticesOptions) {
    this.run = options.scripts.of(scripts);
    options.events.on("crowdNoticeWaits", (room) => this.expect(room));
  }

  close(): void {
    this.isClosed = true;
    for (const cancel of this.waiting.values()) cancel();
    this.waiting.clear();
  }

  private expect(room: RoomId): void {
    if (this.isClosed || this.waiting.has(room)) return;
    const cancel = this.options.clock.after(crowdNoticeMs + slackMs, () => void this.write(room));
    this.waiting.set(room, cancel);
  }

  private async write(room: RoomId): Promise<void> {
    this.waiting.delete(room);
    try {
      const doSomeWait = (await this.run("crowd-notice", room, {})) === 1;
      if (doSomeWait) this.expect(room);
    } catch (error) {
      const { code } = toChatError(error);
      if (code === "unavailable" || code === "storage_full") this.expect(room);
      else this.options.logger.debug({ room, err: error }, "could not write a crowd notice");
    }
  }
}
