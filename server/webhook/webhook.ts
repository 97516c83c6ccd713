import { lobbyId } from "../../protocol/limits";
import type { Broker } from "../broker/broker";
import { messageIn } from "../broker/entry-json";
import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import type { ReportEvent, WebhookBody, WebhookEvent } from "./events";
import { postEvent, type WebhookTarget } from "./post";
import { type Delivery, mostTries, type WebhookQueue } from "./queue";

/** How often a replica looks for events of others, and for those that are due again. */
const lookEveryMs = 2_000;
/** How often a flood that the guard withholds is told of. */
const caughtEveryMs = 60_000;

type WebhookOptions = {
  target: WebhookTarget;
  queue: WebhookQueue;
  broker: { feed: Pick<Broker["feed"], "read">; rooms: Pick<Broker["rooms"], "summaries"> };
  /** The site's address, if the settings name it. */
  origin: string | undefined;
  clock: Clock;
  logger: Logger;
};

/** O-14: tells the owner's receiver of each report, and of a message in a room without other visitors. */
export class Webhook {
  private readonly stop: () => void;
  private sending: Promise<void> | undefined;
  private isClosed = false;

  constructor(private readonly options: WebhookOptions) {
    this.stop = options.clock.every(lookEveryMs, () => this.look());
  }

  /** Never throws: what cannot be queued is logged. */
  add(event: WebhookEvent, quietMs?: number): Promise<void> {
    const { queue } = this.options;
    return this.queued(event, quietMs === undefined ? queue.add(event) : queue.addOnce(event, quietMs));
  }

  /** The same for a message that the guard has withheld: one event for all of a room within a minute. */
  addCaught(event: ReportEvent): Promise<void> {
    return this.queued(event, this.options.queue.addCaught(event, caughtEveryMs));
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.stop();
    await this.sending;
  }

  private async queued({ event }: WebhookEvent, adding: Promise<void>): Promise<void> {
    try {
      await adding;
      this.look();
    } catch (error) {
      this.options.logger.warn({ err: error, event }, "could not queue an event for the webhook");
    }
  }

  private look(): void {
    this.sending ??= this.sendAll().finally(() => {
      this.sending = undefined;
    });
  }

  /** One after another, until none is due. */
  private async sendAll(): Promise<void> {
    const { queue, logger } = this.options;
    try {
      for (
        let next = await queue.take();
        next !== undefined;
        next = this.isClosed ? undefined : await queue.take()
      )
        await this.send(next);
    } catch (error) {
      logger.debug({ err: error }, "could not read the webhook's queue; trying again");
    }
  }

  private async send(delivery: Delivery): Promise<void> {
    const { target, queue, clock, logger } = this.options;
    try {
      await postEvent(target, await this.bodyOf(delivery), clock.now());
    } catch (error) {
      const isLast = delivery.tries + 1 >= mostTries;
      const said = isLast
        ? "an event for the webhook is given up"
        : "the webhook did not take an event; trying again";
      logger.warn({ err: error, tries: delivery.tries + 1 }, said);
      return isLast ? queue.remove(delivery) : queue.postpone(delivery);
    }
    return queue.remove(delivery);
  }

  /** Reads the text only now, so that a removed message's is not sent. */
  private async bodyOf({ id, event }: Delivery): Promise<WebhookBody> {
    const { broker, origin } = this.options;
    const { room, seq } = event;
    const [summary] = await broker.rooms.summaries([room]);
    const range = { after: seq - 1, before: seq + 1, limit: 1 };
    const page = await broker.feed.read(room, range).catch(() => undefined);
    const entry = page?.entries[0];
    const message = entry?.seq === seq ? messageIn(entry) : undefined;
    return {
      id,
      ...event,
      title: summary?.title ?? room,
      ...(message && { message: { by: { id: message.by.id, name: message.by.name }, text: message.text } }),
      ...(origin !== undefined && {
        link: `${origin}${room === lobbyId ? "/chat" : `/chat/${room}`}#${seq}`,
        ownerLink: `${origin}/owner`,
      }),
    };
  }
}
