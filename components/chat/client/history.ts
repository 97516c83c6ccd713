import { maxHistoryLimit } from "../../../protocol/limits";
import type { ChatState } from "../state/chat-state";
import { retryDelayMs } from "./backoff";
import type { Environment } from "./environment";
import type { HistoryHost, PageReader } from "./history-pages";

export type History = PageReader & { catchUp(deadlineMs?: number): Promise<void> };

const retryMs = 1_000;

/**
 * Reads the entries that the feed lacks: older ones when asked, holes by itself. One request of each kind at a time.
 */
export function createHistory(environment: Environment, host: HistoryHost): History {
  const { room, state, dispatch, ask } = host;
  let reader: PageReader | undefined;
  let isInsisting = false;
  let isCatchingUp = false;

  /**
   * Loaded on demand: a page that follows the newest lines does not need it. A failed load is retried at the next call.
   */
  async function pages(): Promise<PageReader> {
    const { createPageReader } = await import("./history-pages");
    reader ??= createPageReader(host);
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
    if (outcome === "later")
      environment.after(retryMs, () => state().feed.ahead.length > 0 && void catchUp());
  }

  return {
    readOlder: (of) => insist((from) => from.readOlder(of)),
    readNewer: () => insist((from) => from.readNewer()),
    readAround: async (seq) => (await pages()).readAround(seq),
    leaveExcerpt: async () => state().feed.excerpt && (await pages()).leaveExcerpt(),
    catchUp,
  };
}

/** The room was left, the tab sleeps or the server refused: reads nothing until the link is opened again. */
const isClosed = ({ link }: ChatState): boolean => link.is === "asleep" || link.is === "refused";
