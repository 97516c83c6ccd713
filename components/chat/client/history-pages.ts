import type { Ack, HistoryInput } from "../../../protocol/events";
import { firstPageEntries } from "../../../protocol/limits";
import { carryOn, leave, open, prepend } from "../state/excerpt";
import { type Feed, oldestSeq } from "../state/feed";
import { firstSeq } from "../state/lines";
import type { RoomContext } from "./room-context";

/** The run of lines to extend. */
export type RunName = "live" | "excerpt";

export type PageReader = {
  /** False when the read failed, and should be tried again. */
  readOlder(of?: RunName): Promise<boolean>;
  /** Reads the page after the excerpt, up to the live run. */
  readNewer(): Promise<boolean>;
  /** Reads the page around `seq`, which becomes the excerpt. */
  readAround(seq: number): Promise<"read" | "gone" | "failed">;
  leaveExcerpt(): Promise<void>;
};

const isFinal = (answer: Ack<unknown> | undefined): boolean =>
  answer !== undefined && (answer.ok || !answer.error.retryable);

const halfPage = firstPageEntries / 2;

/** Reads a room's older entries, when the visitor asks for them. */
export function createPageReader({ room, state, dispatch, ask }: RoomContext): PageReader {
  let reading: Promise<boolean> | undefined;

  const read = (range: Pick<HistoryInput, "before" | "after">, limit = firstPageEntries) =>
    ask("history:read", { room, ...range, limit });
  const add = (how: (feed: Feed) => Feed) => dispatch({ type: "history:read", add: how });

  /** A call during a read shares the outcome of that read. */
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
      // In two halves, because a page is limited in bytes as well: this way it always includes the wanted message.
      const [upTo, behind] = await Promise.all([
        read({ before: seq + 1 }, halfPage),
        read({ after: seq }, halfPage),
      ]);
      if (!upTo?.ok || !behind?.ok) return "failed";
      if (upTo.entries.length === 0) return "gone";
      // The room has a new epoch: the page does not belong to this feed.
      if (upTo.epoch !== state().feed.cursor?.epoch) return "failed";
      add((feed) => carryOn(open(feed, upTo), seq, behind));
      return "read";
    },
    leaveExcerpt: async () => add(leave),
  };
}
