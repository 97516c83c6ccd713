import { nanoid } from "nanoid";
import { SerialQueue } from "../lib/serial-queue";
import { singleFlight } from "../lib/single-flight";
import { recordKeys } from "../records/keys";
import { listAt, mapAt, storeTime, valueAt } from "../records/kinds";
import type { Records, Write } from "../records/records";
import { caughtSubject, type ReportEvent, subjectOf, type WebhookEvent } from "./events";

/** More than a site has in a bad night; of more the events that happened first give way. */
export const mostQueued = 500;
/** So many more may wait, so that a full queue is not read through for each new event. */
export const mostSurplus = 50;
/** Longer than a delivery takes: the event of a replica that died is taken by another one. */
export const leaseMs = 30_000;
/** 2, 4, 8 … s, then each hour: some eight hours in all. */
const [firstRetryMs, mostRetryMs] = [2_000, 3_600_000];
export const mostTries = 18;

/** An event on its way. `id` is the same in each try. */
export type Delivery = { id: string; tries: number; event: WebhookEvent };
type Queued = [subject: string, text: string];

const due = listAt(recordKeys.webhook.due);
/** The event that is due first. */
const first = due.listed({ order: "lowest", most: 1 });
const events = mapAt(recordKeys.webhook.events);

/**
 * The events still to be posted to the owner's receiver, shared by all replicas. One replica takes an event at a time,
 * and the event is not lost with it. Every method throws ChatError("unavailable") when the outcome is unknown.
 */
export class WebhookQueue {
  /** Those of a flood meet on one event: steps that meet are tried again, and a crowd of them is given up. */
  private readonly gathering = new SerialQueue();
  /** Never throws: the event is queued all the same, and the next one trims the queue. */
  private readonly trim = singleFlight(() => this.dropSurplus().catch(() => undefined));

  constructor(private readonly records: Records) {}

  /** An event of the same subject that waits is replaced. */
  async add(event: WebhookEvent): Promise<void> {
    const [now] = await this.records.read(storeTime);
    await this.records.write(adding(event, now), { evenWhenFull: true });
    await this.trim();
  }

  /** Gathers the messages that the guard withholds in a room: at the end of each span of `everyMs` it is told of them once. */
  async addCaught(event: ReportEvent, everyMs: number): Promise<void> {
    await this.gathering.add(() => this.gather(event, everyMs));
    await this.trim();
  }

  private async gather(event: ReportEvent, everyMs: number): Promise<void> {
    await this.records.step(async (step) => {
      const [now] = await step.read(storeTime);
      const from = now - (now % everyMs);
      const [text] = await step.read(events.field(caughtSubject(event.room, from)));
      const earlier = text === undefined ? undefined : (readDelivery(text).event as ReportEvent);
      const gathered = { ...event, caught: { from, count: (earlier?.caught?.count ?? 0) + 1 } };
      await step.write(adding(gathered, from + everyMs), { evenWhenFull: true });
    });
  }

  /** The same, once for each room until `quietMs` have passed. */
  async addOnce(event: WebhookEvent, quietMs: number): Promise<void> {
    const told = valueAt(recordKeys.webhook.told(event.room));
    await this.records.step(async (step) => {
      const [known, now] = await step.read(told.value(), storeTime);
      if (known !== undefined) return;
      await step.write([told.put("1", quietMs), ...adding(event, now)]);
    });
    await this.trim();
  }

  /** Takes an event that is due; no other replica gets it for `leaseMs`. */
  async take(): Promise<Delivery | undefined> {
    return this.records.step(async (step) => {
      const [now, [next]] = await step.read(storeTime, first);
      if (next === undefined || next[1] > now) return undefined;
      const [subject] = next;
      const [text] = await step.read(events.field(subject));
      await step.write([text === undefined ? due.unlist(subject) : due.score([subject, now + leaseMs])], {
        evenWhenFull: true,
      });
      return text === undefined ? undefined : readDelivery(text);
    });
  }

  /** Call when the event was received, or is given up. An event that has replaced it meanwhile stays. */
  async remove({ id, event }: Delivery): Promise<void> {
    await this.change(id, event, (subject) => [due.unlist(subject), events.removeField(subject)]);
  }

  /** Call when the event was not received: it is due again after a time that grows with each try. */
  async postpone({ id, event, tries }: Delivery): Promise<void> {
    const delivery: Delivery = { id, event, tries: tries + 1 };
    await this.change(id, event, (subject, now) => [
      events.setField(subject, JSON.stringify(delivery)),
      due.score([subject, now + retryMs(tries)]),
    ]);
  }

  private async dropSurplus(): Promise<void> {
    const [queued] = await this.records.read(due.length());
    if (queued <= mostQueued + mostSurplus) return;
    const [waiting] = await this.records.read(events.fields());
    await this.drop(firstOf(waiting, waiting.size - mostQueued));
  }

  /** An event that has replaced one of them meanwhile stays. */
  private async drop(surplus: readonly Queued[]): Promise<void> {
    await this.records.step(async (step) => {
      const texts = await step.read(...surplus.map(([subject]) => events.field(subject)));
      const gone = surplus.filter(([, text], index) => texts[index] === text).map(([subject]) => subject);
      if (gone.length === 0) return;
      const removals = gone.map((subject) => events.removeField(subject));
      await step.write([due.unlist(...gone), ...removals], { evenWhenFull: true });
    });
  }

  private async change(
    id: string,
    event: WebhookEvent,
    writes: (subject: string, now: number) => Write[],
  ): Promise<void> {
    const subject = subjectOf(event);
    await this.records.step(async (step) => {
      const [now, text] = await step.read(storeTime, events.field(subject));
      if (text === undefined || readDelivery(text).id !== id) return;
      await step.write(writes(subject, now), { evenWhenFull: true });
    });
  }
}

const retryMs = (tries: number): number => Math.min(mostRetryMs, firstRetryMs * 2 ** tries);

// Only this file writes these.
const readDelivery = (text: string): Delivery => JSON.parse(text) as Delivery;

function adding(event: WebhookEvent, dueAt: number): Write[] {
  const subject = subjectOf(event);
  const delivery: Delivery = { id: nanoid(16), tries: 0, event };
  return [events.setField(subject, JSON.stringify(delivery)), due.score([subject, dueAt])];
}

/** Those that give way in a full queue. What happened first need not be due first. */
function firstOf(waiting: ReadonlyMap<string, string>, count: number): Queued[] {
  const dated = [...waiting].map((queued) => ({ queued, at: readDelivery(queued[1]).event.at }));
  return dated
    .sort((one, other) => one.at - other.at)
    .slice(0, Math.max(0, count))
    .map(({ queued }) => queued);
}
