import { nanoid } from "nanoid";
import { recordKeys } from "../records/keys";
import { listAt, mapAt, storeTime, valueAt } from "../records/kinds";
import type { Records, Step, Write } from "../records/records";
import { caughtSubject, type ReportEvent, subjectOf, type WebhookEvent } from "./events";

/** More than a site has in a bad night; beyond it the events that happened first give way. */
export const mostQueued = 500;
/** Longer than a delivery takes: the event of a replica that died is taken by another one. */
export const leaseMs = 30_000;
/** 2, 4, 8 … s, then each hour: some eight hours in all. */
const [firstRetryMs, mostRetryMs] = [2_000, 3_600_000];
export const mostTries = 18;

/** An event on its way. `id` is the same in each try. */
export type Delivery = { id: string; tries: number; event: WebhookEvent };

const due = listAt(recordKeys.webhook.due);
/** The event that is due first. */
const first = due.listed({ order: "lowest", most: 1 });
const events = mapAt(recordKeys.webhook.events);

/**
 * The events still to be posted to the owner's receiver, shared by all replicas. One replica takes an event at a time,
 * and the event is not lost with it. Every method throws ChatError("unavailable") when the outcome is unknown.
 */
export class WebhookQueue {
  constructor(private readonly records: Records) {}

  /** An event of the same subject that waits is replaced. */
  async add(event: WebhookEvent): Promise<void> {
    await this.records.step(async (step) => {
      const [now] = await step.read(storeTime);
      await step.write(await adding(step, event, now), { evenWhenFull: true });
    });
  }

  /** Gathers the messages that the guard withholds in a room: at the end of each span of `everyMs` it is told of them once. */
  async addCaught(event: ReportEvent, everyMs: number): Promise<void> {
    await this.records.step(async (step) => {
      const [now] = await step.read(storeTime);
      const from = now - (now % everyMs);
      const [text] = await step.read(events.field(caughtSubject(event.room, from)));
      const earlier = text === undefined ? undefined : (readDelivery(text).event as ReportEvent);
      const gathered = { ...event, caught: { from, count: (earlier?.caught?.count ?? 0) + 1 } };
      await step.write(await adding(step, gathered, from + everyMs), { evenWhenFull: true });
    });
  }

  /** The same, once for each room until `quietMs` have passed. */
  async addOnce(event: WebhookEvent, quietMs: number): Promise<void> {
    const told = valueAt(recordKeys.webhook.told(event.room));
    await this.records.step(async (step) => {
      const [known, now] = await step.read(told.value(), storeTime);
      if (known !== undefined) return;
      await step.write([told.put("1", quietMs), ...(await adding(step, event, now))]);
    });
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

async function adding(step: Step, event: WebhookEvent, dueAt: number): Promise<Write[]> {
  const subject = subjectOf(event);
  const delivery: Delivery = { id: nanoid(16), tries: 0, event };
  const over = await surplus(step);
  return [
    events.setField(subject, JSON.stringify(delivery)),
    due.score([subject, dueAt]),
    ...(over === undefined || over === subject ? [] : [due.unlist(over), events.removeField(over)]),
  ];
}

/** What gives way in a full queue. What happened first need not be due first. */
async function surplus(step: Step): Promise<string | undefined> {
  const [queued] = await step.read(due.length());
  if (queued < mostQueued) return undefined;
  const [waiting] = await step.read(events.fields());
  const atOf = (text: string) => readDelivery(text).event.at;
  const [oldest] = [...waiting].sort(([, one], [, other]) => atOf(one) - atOf(other));
  return oldest?.[0];
}
