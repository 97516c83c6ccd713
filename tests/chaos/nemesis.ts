import { setTimeout as pause } from "node:timers/promises";
import { until } from "../support/until";
import { type Fault, faults } from "./faults";
import { Random } from "./random";
import type { Slot, Stage } from "./stage";

/** A run deals each kind of fault at least once, and a longer run one fault per this interval. */
const intervalMs = 2_500;
/** One of the three replicas is always left alone. */
const mostReplicasAtOnce = 2;
/** By then every fault has long been mended, and every visitor is back. */
const mendedWithinMs = 60_000;

export type Dealt = { fault: string; on: string };

/** Every kind of fault at least once, in a new order each round. */
export function planFaults(seconds: number, seed: number, kinds: readonly Fault[] = faults): Fault[] {
  const random = new Random(seed);
  const count = Math.max(kinds.length, Math.floor((seconds * 1_000) / intervalMs));
  const rounds = Array.from({ length: Math.ceil(count / kinds.length) }, () => random.shuffled(kinds));
  return rounds.flat().slice(0, count);
}

/** Deals one fault after another, to a part that is well. */
export class Nemesis {
  readonly dealt: Dealt[] = [];
  private readonly busy = new Set<Slot | "store">();
  private readonly running = new Set<Promise<void>>();
  private readonly random: Random;

  constructor(
    private readonly stage: Stage,
    private readonly seed: number,
    private readonly say: (line: string) => void,
  ) {
    this.random = new Random(seed);
  }

  /** Deals every one of these kinds of fault over so many seconds; resolves once everything is mended. */
  async work(seconds: number, kinds: readonly Fault[] = faults): Promise<void> {
    const plan = planFaults(seconds, this.seed, kinds);
    const startedAt = performance.now();
    const waitUntil = (ms: number) => pause(Math.max(0, startedAt + ms - performance.now()));
    const stepMs = (seconds * 1_000) / (plan.length + 1);
    for (const [index, fault] of plan.entries()) {
      await waitUntil((index + 1) * stepMs);
      await this.begin(fault);
    }
    await waitUntil(seconds * 1_000);
    await Promise.all(this.running);
    for (const { storeLink } of this.stage.slots) storeLink.heal();
  }

  private async begin(fault: Fault): Promise<void> {
    if (fault.on === "replica") {
      const slot = await until("a replica to break", () => this.freeSlot(), mendedWithinMs);
      this.deal(fault.name, slot.label, slot, () => fault.deal(slot, this.stage, this.random));
    } else {
      const held =
        fault.on === "store"
          ? await until("a store to break", () => !this.busy.has("store") && "store", mendedWithinMs)
          : undefined;
      this.deal(fault.name, fault.on, held, () => fault.deal(this.stage, this.random));
    }
  }

  private deal(fault: string, on: string, held: Slot | "store" | undefined, act: () => Promise<void>): void {
    this.dealt.push({ fault, on });
    this.say(`${fault} (${on})`);
    if (held !== undefined) this.busy.add(held);
    const over = act().finally(() => {
      if (held !== undefined) this.busy.delete(held);
      this.running.delete(over);
    });
    this.running.add(over);
  }

  private freeSlot(): Slot | false {
    const { slots, chatters } = this.stage;
    const idle = slots.filter((slot) => !this.busy.has(slot));
    if (slots.length - idle.length >= mostReplicasAtOnce) return false;
    // A fault on a replica without visitors would show nothing.
    const visited = idle.filter(({ port }) =>
      chatters.some(({ isLive, link }) => isLive && link.linkCount(port) > 0),
    );
    return visited.length > 0 && this.random.pick(visited);
  }
}
