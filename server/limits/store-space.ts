import { storeIsFull } from "../errors";

/** The share of the store from which each kind of write is refused. */
export type StoreSteps = Readonly<Record<"creations" | "newcomers" | "messages", number>>;

const reasons: Record<keyof StoreSteps, string> = {
  creations: "The chat’s store is nearly full: no new rooms, conversations or accounts for now.",
  newcomers: "The chat’s store is nearly full: no messages of new visitors for now.",
  messages: "The chat’s store is full.",
};

type StoreSpaceOptions = { usedRatio(): number | undefined; steps: StoreSteps };

/**
 * Tells what a store that fills up still accepts (docs/decisions/050-full-store.md). Asks no store, so it costs a
 * message nothing.
 */
export class StoreSpace {
  constructor(private readonly options: StoreSpaceOptions) {}

  /** Throws ChatError("storage_full"). */
  check(step: "creations" | "messages"): void {
    if (this.isUpTo(step)) throw storeIsFull(reasons[step]);
  }

  /** Like `check`, for a message. `isSettled`: settled visitors' messages are refused last. */
  checkMessage(isSettled: boolean): void {
    this.check("messages");
    if (this.isUpTo("newcomers") && !isSettled) throw storeIsFull(reasons.newcomers);
  }

  private isUpTo(step: keyof StoreSteps): boolean {
    return (this.options.usedRatio() ?? 0) >= this.options.steps[step];
  }
}
