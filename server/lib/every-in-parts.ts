import type { Clock } from "./clock";
import { inParts } from "./in-parts";
import { singleFlight } from "./single-flight";

type Work<T> = { all(): readonly T[]; run(part: readonly T[]): Promise<void> };

/**
 * Once in each interval runs something for all things: for few of them at once, for many in parts that are spread over the
 * interval. No round begins before the last one has ended. Returns its stop.
 */
export function everyInParts<T>(
  clock: Pick<Clock, "after" | "every">,
  intervalMs: number,
  { all, run }: Work<T>,
): () => void {
  let endPause: () => void = () => undefined;
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      endPause = clock.after(ms, resolve);
    });

  const round = singleFlight(async () => {
    const parts = [...inParts(all())];
    for (const [index, part] of parts.entries()) {
      const isLast = index === parts.length - 1;
      await Promise.all([run(part), ...(isLast ? [] : [pause(intervalMs / parts.length)])]);
    }
  });

  const stopRounds = clock.every(intervalMs, () => void round());
  return () => {
    stopRounds();
    endPause();
  };
}
