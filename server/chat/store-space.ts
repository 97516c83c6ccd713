import { storeIsFull } from "./errors";

/** What makes the store grow, and from which share of it on that is refused. */
export type StoreSteps = Readonly<Record<"creations" | "newcomers" | "messages", number>>;

const reasons: Record<keyof StoreSteps, string> = {
  creations: "The chat's store is nearly full: no new rooms, conversations or accounts for now.",
  newcomers: "The chat's store is nearly full: no messages of new visitors for now.",
  messages: "The chat's store is full.",
};

type World = { usedRatio(): number | undefined; steps: StoreSteps };

/** What a store that fills up still takes (docs/decisions/050-a-full-store.md). Asks nobody: it costs a message nothing. */
export class StoreSpace {
  constructor(private readonly world: World) {}

  /** Throws ChatError("storage_full"). */
  check(step: "creations" | "messages"): void {
    if (this.isUpTo(step)) throw storeIsFull(reasons[step]);
  }

  /** The same for a message. `isSettled`: its visitor is among the last whose messages are refused. */
  checkMessage(isSettled: boolean): void {
    this.check("messages");
    if (this.isUpTo("newcomers") && !isSettled) throw storeIsFull(reasons.newcomers);
  }

  private isUpTo(step: keyof StoreSteps): boolean {
    return (this.world.usedRatio() ?? 0) >= this.world.steps[step];
  }
}
