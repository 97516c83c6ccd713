import type { RoomId } from "../../../protocol/events";
import { maxHistoryLimit } from "../../../protocol/limits";
import type { ChatEvent, ChatState } from "../state/chat-state";
import type { Connection } from "./connection";
import type { Reader } from "./reader";
import type { World } from "./world";

export type HistoryHost = {
  room: RoomId;
  state(): ChatState;
  dispatch(event: ChatEvent): void;
  ask: Connection["ask"];
};

export type History = Reader & { catchUp(deadlineMs?: number): Promise<void> };

const retryMs = 1_000;

/** Reads what the feed lacks: further back when asked, in its holes by itself. One question of each kind at a time. */
export function createHistory(world: World, host: HistoryHost): History {
  const { room, state, dispatch, ask } = host;
  let loading: Promise<Reader> | undefined;
  let isCatchingUp = false;

  /** Whoever follows the newest lines needs none of it. */
  function reader(): Promise<Reader> {
    loading ??= import("./reader").then(({ createReader }) => createReader(host));
    return loading;
  }

  async function readOn(deadlineMs?: number): Promise<"more" | "done" | "later"> {
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
    let outcome = await readOn(deadlineMs);
    while (outcome === "more") outcome = await readOn();
    isCatchingUp = false;
    if (outcome === "later") world.after(retryMs, () => state().feed.ahead.length > 0 && void catchUp());
  }

  return {
    readOlder: async (of) => (await reader()).readOlder(of),
    readNewer: async () => (await reader()).readNewer(),
    readAround: async (seq) => (await reader()).readAround(seq),
    leaveExcerpt: async () => state().feed.excerpt && (await reader()).leaveExcerpt(),
    catchUp,
  };
}
