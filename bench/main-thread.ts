import type { Page } from "@playwright/test";

/** One task of the page's main thread, by Chromium's own tracing. */
export type Task = { wallMs: number; cpuMs: number };

/** `keysMs`: from each key's arrival in the browser to the frame that shows it. `ms`: the traced time. */
export type Trace = { ms: number; tasks: Task[]; keysMs: number[] };

type TraceEvent = {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  ts: number;
  dur?: number;
  tdur?: number;
  id?: string;
  id2?: { local?: string };
  args: { name?: string };
};

/** The first two report tasks. Event Timing would report keys too, but a headless browser reports them much too late. */
const categories = ["devtools.timeline", "disabled-by-default-devtools.timeline", "latencyInfo"];

/** Traces the page while `act` runs. */
export async function traced(page: Page, act: () => Promise<unknown>): Promise<Trace> {
  const browser = page.context().browser();
  if (browser === null) throw new Error("the page has no browser");
  await browser.startTracing(page, { categories });
  const startedAt = performance.now();
  await act();
  const ms = performance.now() - startedAt;
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as {
    traceEvents: TraceEvent[];
  };
  return { ms, ...read(traceEvents) };
}

const place = ({ pid, tid }: TraceEvent): string => `${pid} ${tid}`;

function read(events: readonly TraceEvent[]): Omit<Trace, "ms"> {
  const mainThreads = new Map<string, Task[]>();
  for (const event of events)
    if (event.name === "thread_name" && event.args.name === "CrRendererMain")
      mainThreads.set(place(event), []);
  for (const event of events)
    if (event.name === "RunTask" && event.ph === "X")
      mainThreads
        .get(place(event))
        ?.push({ wallMs: (event.dur ?? 0) / 1_000, cpuMs: (event.tdur ?? 0) / 1_000 });
  const ofPage = [...mainThreads.values()].sort((one, other) => sumOf(other, "cpuMs") - sumOf(one, "cpuMs"));
  return { tasks: ofPage[0] ?? [], keysMs: latenciesOf(events) };
}

/** A later key reuses an id. */
function latenciesOf(events: readonly TraceEvent[]): number[] {
  const begun = new Map<string, number>();
  const latencies: number[] = [];
  const keys = events.filter(({ name }) => name === "InputLatency::KeyDown");
  for (const key of keys.sort((one, other) => one.ts - other.ts)) {
    const at = begun.get(idOf(key));
    if (key.ph === "b") begun.set(idOf(key), key.ts);
    else if (at !== undefined) latencies.push((key.ts - at) / 1_000);
  }
  return latencies;
}

const idOf = ({ id, id2 }: TraceEvent): string => id ?? id2?.local ?? "";

export const sumOf = (tasks: readonly Task[], what: keyof Task): number =>
  tasks.reduce((sum, task) => sum + task[what], 0);

export const longestOf = (tasks: readonly Task[], what: keyof Task): number =>
  tasks.reduce((longest, task) => Math.max(longest, task[what]), 0);

export const countOver = (tasks: readonly Task[], what: keyof Task, ms: number): number =>
  tasks.filter((task) => task[what] > ms).length;

/** The page's holdings after a garbage collection, which is a long task of our own: keep it outside any trace. */
export type Holding = { heapMb: number; nodes: number; rows: number };

export async function holdingOf(page: Page): Promise<Holding> {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  await session.send("Performance.enable");
  const { metrics } = await session.send("Performance.getMetrics");
  await session.detach();
  const metric = (wanted: string): number => metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN;
  const rows = await page.locator('[role="log"] > ol > li').count();
  return { heapMb: metric("JSHeapUsedSize") / 1e6, nodes: metric("Nodes"), rows };
}
