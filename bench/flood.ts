import type { Page } from "@playwright/test";
import { figuresOf } from "./latencies";
import type { Lobby } from "./lobby";
import {
  countOver,
  type Holding,
  holdingOf,
  longestOf,
  sumOf,
  type Task,
  type Trace,
  traced,
} from "./main-thread";
import { type Load, warmUpSeconds } from "./pace";
import { typeFor } from "./typist";

/** A page into which a visitor types while others talk. Each pair is wall time and CPU time. */
export type Flood = {
  longestMs: Pair;
  over50: Pair;
  over100: Pair;
  /** The share of the time in which the main thread was busy. */
  busy: Pair;
  keyMs: { p50: number; p95: number; max: number };
  /** Before, in the middle and after. */
  holdings: Holding[];
};

export type Pair = { wall: number; cpu: number };

/** Traces two halves. Between them it asks the page for its holdings, which must not be part of a trace. */
export async function flood(page: Page, { seconds, rate }: Load, lobby: Lobby | undefined): Promise<Flood> {
  const half = seconds / 2;
  const holdings = [await holdingOf(page)];
  const traces: Trace[] = [];
  const talk = () => lobby?.talk({ seconds: Math.max(1, half - warmUpSeconds), rate });
  for (let part = 0; part < 2; part += 1) {
    traces.push(await traced(page, () => Promise.all([talk(), typeFor(page, half)])));
    holdings.push(await holdingOf(page));
  }
  return { ...figures(traces), holdings };
}

function figures(traces: readonly Trace[]): Omit<Flood, "holdings"> {
  const tasks = traces.flatMap((trace) => trace.tasks);
  const ms = traces.reduce((sum, trace) => sum + trace.ms, 0);
  const pair = (figure: (what: keyof Task) => number): Pair => ({
    wall: figure("wallMs"),
    cpu: figure("cpuMs"),
  });
  return {
    longestMs: pair((what) => longestOf(tasks, what)),
    over50: pair((what) => countOver(tasks, what, 50)),
    over100: pair((what) => countOver(tasks, what, 100)),
    busy: pair((what) => sumOf(tasks, what) / ms),
    keyMs: figuresOf(traces.flatMap(({ keysMs }) => keysMs)),
  };
}
