import type { VisitorId } from "../../protocol/events";
import { ChatError } from "./errors";

/** What makes the store grow, and from which share of it on that is refused. */
export type StoreSteps = Readonly<Record<"creations" | "newcomers" | "messages", number>>;

/** A store does not empty within a second, and who asks again costs it nothing. */
const retryMs = 10_000;

const reasons: Record<keyof StoreSteps, string> = {
  creations: "The chat's store is nearly full: no new rooms, conversations or accounts for now.",
  newcomers: "The chat's store is nearly full: no messages of new visitors for now.",
  messages: "The chat's store is full.",
};

/** `isSettled`: whether a visitor is known well enough to be among the last whose messages are refused. */
export type Settled = {
  saw(visitor: VisitorId): void;
  isSettled(visitor: VisitorId): boolean | Promise<boolean>;
};

type World = { usedRatio(): number | undefined; steps: StoreSteps; visitors: Settled };

/** What a store that fills up still takes (docs/decisions/050-a-full-store.md). Asks nobody: it costs a message nothing. */
export class StoreSpace {
  constructor(private readonly world: World) {}

  /** To be called when a visitor comes into a room. */
  saw(visitor: VisitorId): void {
    this.world.visitors.saw(visitor);
  }

  /** Throws ChatError("storage_full"). */
  check(step: "creations" | "messages"): void {
    if (this.isUpTo(step)) throw refusal(step);
  }

  /** The same for a message of this visitor. */
  async checkMessage(visitor: VisitorId): Promise<void> {
    this.check("messages");
    if (this.isUpTo("newcomers") && !(await this.world.visitors.isSettled(visitor)))
      throw refusal("newcomers");
  }

  private isUpTo(step: keyof StoreSteps): boolean {
    return (this.world.usedRatio() ?? 0) >= this.world.steps[step];
  }
}

const refusal = (step: keyof StoreSteps): ChatError => new ChatError("storage_full", reasons[step], retryMs);
