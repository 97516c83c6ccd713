import type { RoomId } from "../../protocol/events";
import { firstPageEntries, maxHistoryLimit } from "../../protocol/limits";
import type { ChatEvent, ChatState } from "./chat-state";
import type { Connection } from "./connection";
import { oldestSeq } from "./feed";
import type { World } from "./world";

export type HistoryHost = {
  room: RoomId;
  state(): ChatState;
  dispatch(event: ChatEvent): void;
  ask: Connection["ask"];
};

export type History = { readOlder(): Promise<void>; catchUp(deadlineMs?: number): Promise<void> };

const retryMs = 1_000;

/** Reads what the feed lacks: at its beginning when asked, in its holes by itself. One question of each kind at a time. */
export function createHistory(world: World, { room, state, dispatch, ask }: HistoryHost): History {
  let isReadingOlder = false;
  let isCatchingUp = false;

  async function readOlder(): Promise<void> {
    const { feed } = state();
    if (isReadingOlder || !feed.hasOlder) return;
    isReadingOlder = true;
    const answer = await ask("history:read", { room, before: oldestSeq(feed), limit: firstPageEntries });
    isReadingOlder = false;
    if (answer?.ok) dispatch({ type: "history:older", answer });
  }

  async function readNewer(deadlineMs?: number): Promise<"more" | "done" | "later"> {
    const after = state().feed.cursor;
    if (!after) return "done";
    const answer = await ask("history:read", { room, after: after.seq, limit: maxHistoryLimit }, deadlineMs);
    if (!answer?.ok) return answer?.error.retryable ? "later" : "done";
    dispatch({ type: "history:newer", answer });
    const hasMoved = state().feed.cursor?.seq !== after.seq;
    return answer.more && hasMoved ? "more" : "done";
  }

  async function catchUp(deadlineMs?: number): Promise<void> {
    if (isCatchingUp) return;
    isCatchingUp = true;
    let outcome = await readNewer(deadlineMs);
    while (outcome === "more") outcome = await readNewer();
    isCatchingUp = false;
    if (outcome === "later") world.after(retryMs, () => state().feed.ahead.length > 0 && void catchUp());
  }

  return { readOlder, catchUp };
}
