import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { WireVisitor } from "./wire-visitor";

/** Says something as the page does: until it is acknowledged, always by the same id. */
export async function insist(visitor: WireVisitor, room: string, text: string): Promise<void> {
  const clientMessageId = randomUUID();
  for (;;) {
    const isSaid = await visitor.say(room, text, clientMessageId).then(
      () => true,
      () => false,
    );
    if (isSaid) return;
    // The link is down, or its room not joined again yet: the next try finds out, and loses nothing either way.
    await pause(50);
  }
}
