import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Receipt } from "../../protocol/events";
import type { WireVisitor } from "./wire-visitor";

/** Sends a message until it is acknowledged, always under the same id, as the page does. */
export async function insist(
  visitor: WireVisitor,
  room: string,
  text: string,
  clientMessageId: string = randomUUID(),
): Promise<Receipt> {
  for (;;) {
    const receipt = await visitor.say(room, text, clientMessageId).catch(() => undefined);
    if (receipt !== undefined) return receipt;
    // The connection is down, or has not joined the room again yet. Either way another try loses nothing.
    await pause(50);
  }
}
