import type { Ack, HistoryInput } from "../../../protocol/events";
import { firstPageEntries } from "../../../protocol/limits";
import { carryOn, leave, open, prepend } from "../state/excerpt";
import { type Feed, oldestSeq } from "../state/feed";
import { firstSeq } from "../state/lines";
import type { HistoryHost } from "./history";

/** Which run of lines is read on. */
export type RunName = "live" | "excerpt";

export type Reader = {
  /** False when there was no answer, and it is to be tried again. */
  readOlder(of?: RunName): Promise<boolean>;
  /** What follows the excerpt, until it meets the live run. */
  readNewer(): Promise<boolean>;
  /** The page around a number, as the excerpt. */
  readAround(seq: number): Promise<"read" | "gone" | "failed">;
  leaveExcerpt(): Promise<void>;
};

const isFinal = (answer: Ack<unknown> | undefined): boolean =>
  answer !== undefined && (answer.ok || !answer.error.retryable);

const halfPage = firstPageEntries / 2;

/** Reads the past of a room, for whoever looks at it. */
export function createReader({ room, state, dispatch, ask }: HistoryHost): Reader {
  let reading: Promise<boolean> | undefined;

  const read = (range: Pick<HistoryInput, "before" | "after">, limit = firstPageEntries) =>
    ask("history:read", { room, ...range, limit });
  const add = (how: (feed: Feed) => Feed) => dispatch({ type: "history:read", add: how });

  /** What is being read already is enough, if it comes. */
  function once(read: () => Promise<boolean>): Promise<boolean> {
    reading ??= read().then((isDone) => {
      reading = undefined;
      return isDone;
    });
    return reading;
  }

  return {
    readOlder: (of: RunName = "live") =>
      once(async () => {
        const { feed } = state();
        const run = of === "live" ? feed : feed.excerpt;
        const before = of === "live" ? oldestSeq(feed) : firstSeq(feed.excerpt?.lines ?? []);
        if (!run?.hasOlder || before === undefined) return true;
        const answer = await read({ before });
        if (answer?.ok) add((known) => prepend(known, before, answer));
        return isFinal(answer);
      }),
    readNewer: () =>
      once(async () => {
        const after = state().feed.excerpt?.lines.at(-1)?.seq;
        if (after === undefined) return true;
        const answer = await read({ after });
        if (answer?.ok) add((known) => carryOn(known, after, answer));
        return isFinal(answer);
      }),
    async readAround(seq) {
      // In two halves, because a page has a weight as well: the one that is looked for is always given.
      const [upTo, behind] = await Promise.all([
        read({ before: seq + 1 }, halfPage),
        read({ after: seq }, halfPage),
      ]);
      if (!upTo?.ok || !behind?.ok) return "failed";
      if (upTo.entries.length === 0) return "gone";
      // The room has started anew meanwhile: there is nothing that this could be added to.
      if (upTo.epoch !== state().feed.cursor?.epoch) return "failed";
      add((feed) => carryOn(open(feed, upTo), seq, behind));
      return "read";
    },
    leaveExcerpt: async () => add(leave),
  };
}
