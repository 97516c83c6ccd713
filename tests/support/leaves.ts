import type { Entry } from "../../protocol/events";
import type { WireVisitor } from "./wire-visitor";

/** The notices in the lobby that this visitor has left. */
export const leavesOf = (witness: WireVisitor, { id }: { id: string }): Entry[] =>
  witness.log("lobby").entries.filter((entry) => entry.kind === "leave" && entry.by.id === id);

/** Resolves with the time of the notice that a visitor has left the lobby. */
export async function leftAt(witness: WireVisitor, leaver: WireVisitor, timeoutMs = 15_000): Promise<number> {
  return (await witness.waitFor("the leave", () => leavesOf(witness, leaver)[0], timeoutMs)).at;
}

/**
 * Closes a latecomer and waits until it has left. Every connection that ended before it in the same way has been removed
 * by then, too. `closed`: a tab that closes; `lost`: a network that drops, which gets more time.
 */
export async function outlast(
  witness: WireVisitor,
  latecomer: WireVisitor,
  way: "closed" | "lost" = "closed",
): Promise<void> {
  if (way === "closed") latecomer.close();
  else latecomer.vanish();
  await leftAt(witness, latecomer, 20_000);
}
