import type { WireError } from "../../protocol/events";
import { prove } from "../../scripts/talk/prove";
import type { VisitorOptions } from "../support/wire-socket";
import { connectVisitor, type WireVisitor } from "../support/wire-visitor";

/**
 * Connects a new visitor, which does the proof of work when asked (W-4a). `workMs`: how long that took; 0 when not
 * asked.
 */
export async function connectNewcomer(
  options: VisitorOptions,
): Promise<{ visitor: WireVisitor; workMs: number }> {
  try {
    return { visitor: await connectVisitor(options), workMs: 0 };
  } catch (error) {
    const { data } = error as { data?: WireError };
    if (data?.challenge === undefined) throw error;
    const startedAt = performance.now();
    const proof = await prove(data.challenge);
    const workMs = performance.now() - startedAt;
    return { visitor: await connectVisitor({ ...options, auth: { protocol: 1, proof } }), workMs };
  }
}
