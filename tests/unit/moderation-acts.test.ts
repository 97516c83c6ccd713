import type { Ask } from "../../components/chat/client/questions";
import { sanction } from "../../components/chat/moderation/acts";
import type { SanctionInput } from "../../protocol/events";
import { expect, test } from "../support/plain-test";

/** A server that gives this answer to everything. */
function answering(answer: object) {
  const asked: unknown[][] = [];
  const ask = (async (...question: unknown[]) => {
    asked.push(question);
    return { ok: true, ...answer };
  }) as Ask;
  return { ask, asked };
}

const ban: SanctionInput = { visitor: "otter", kind: "ban" };

/** `afterMs`: how long the moderator waits before undoing. */
async function undone(answer: object, afterMs = 0): Promise<unknown[] | undefined> {
  const { ask, asked } = answering(answer);
  let now = 0;
  const outcome = await sanction(ask, ban, () => now);
  now = afterMs;
  if ("undo" in outcome) await outcome.undo?.();
  return asked[1];
}

test("[O-4] undoing a sanction lifts it, or restores the sanction that it replaced", async () => {
  expect(await undone({ id: "new" })).toEqual(["sanction:lift", { id: "new" }]);
  const replaced: SanctionInput = { ...ban, forMs: 60_000, reason: "spam" };
  expect(await undone({ id: "new", replaced })).toEqual(["sanction:set", replaced]);
  const left = { ...replaced, forMs: 53_000 };
  expect(await undone({ id: "new", replaced }, 7_000), "until the same end").toEqual(["sanction:set", left]);
});
