import { maxHistoryLimit } from "../../../protocol/limits";
import type { ChatState } from "../state/chat-state";
import { retryDelayMs } from "./backoff";
import type { Environment } from "./environment";
import type { PageReader } from "./history-pages";
import type { RoomContext } from "./room-context";

export type History = PageReader & { catchUp(deadlineMs?: number): Promise<void> };

const retryMs = 1_000;

/** Reads the entries that the feed lacks: older ones when asked, holes by itself. */
export function createHistory(environment: Environment, context: RoomContext): History {
  const { state, dispatch } = context;
  let reader: PageReader | undefined;
  let isInsisting = false;

  /**
   * Loaded on demand: a page that follows the newest lines does not need it. A failed load is retried at the next call.
   */
  async function pages(): Promise<PageReader> {
    const { createPageReader } = await import("./history-pages");
    reader ??= createPageReader(context);
    return reader;
  }

  /**
   * Retries until the read succeeds, and meanwhile shows that it is stuck: at the edge of the drawn rows no further
   * scroll event asks again.
   */
  async function insist(read: (from: PageReader) => Promise<boolean>): Promise<boolean> {
    const tryOnce = () => pages().then(read, () => false);
    if ((await tryOnce()) || isInsisting) return true;
    isInsisting = true;
    dispatch({ type: "reading:stuck", isStuck: true });
    for (let attempt = 1, isDone = false; !isDone && !isClosed(state()); attempt += 1) {
      await new Promise<void>((resolve) => {
        environment.after(retryDelayMs(environment, attempt), resolve);
      });
      isDone = await tryOnce();
    }
    isInsisting = false;
    dispatch({ type: "reading:stuck", isStuck: false });
    return true;
  }

  return {
    readOlder: (of) => insist((from) => from.readOlder(of)),
    readNewer: () => insist((from) => from.readNewer()),
    readAround: async (seq) => (await pages()).readAround(seq),
    leaveExcerpt: async () => state().feed.excerpt && (await pages()).leaveExcerpt(),
    catchUp: createCatchUp(environment, context),
  };
}

/** Reads the entries after the cursor, until none is missing. A call during a read does nothing. */
function createCatchUp(environment: Environment, { room, state, dispatch, ask }: RoomContext) {
  let isCatchingUp = false;

  async function readOn(deadlineMs?: number): Promise<"more" | "done" | "later"> {
    const after = state().feed.cursor;
    if (!after) return "done";
    const answer = await ask("history:read", { room, after: after.seq, limit: maxHistoryLimit }, deadlineMs);
    if (!answer?.ok) return answer?.error.retryable ? "later" : "done";
    dispatch({ type: "history:newer", answer });
    const hasMoved = state().feed.cursor?.seq !== after.seq;
    return answer.more && hasMoved ? "more" : "done";
  }

  return async function catchUp(deadlineMs?: number): Promise<void> {
    if (isCatchingUp) return;
    isCatchingUp = true;
    let outcome = await readOn(deadlineMs);
    while (outcome === "more") outcome = await readOn();
    isCatchingUp = false;
    if (outcome === "later")
      environment.after(retryMs, () => state().feed.ahead.length > 0 && void catchUp());
  };
}

/** The room was left, the tab sleeps or the server refused: reads nothing until the link is opened again. */
const isClosed = ({ link }: ChatState): boolean => link.is === "asleep" || link.is === "refused";
