import type { PeerName } from "./dialects";
import type { Figures } from "./figures";

export type Run = { peer: PeerName; workload: string; round: number; figures: Figures; faults: Figures };

type Row = { workload: string; name: string; medians: Partial<Record<PeerName, number>> };

const units: [RegExp, string, number][] = [
  [/CPU per (delivery|message)/, "µs", 1],
  [/CPU ms$/, "", 3],
  [/times$/, "", 2],
  [/CPU per join/, "ms", 3],
  [/^p\d\d/, "ms", 1],
  [/CPU per (arrival|departure|return)/, "ms", 3],
  [/deliveries per CPU second/, "", 0],
  [/ CPU$/, "%", 2],
  [/memory per member/, "KiB", 1],
  [/base memory/, "MiB", 0],
  [/frames per delivery/, "", 2],
];
const unitOf = (name: string): [string, number] => {
  const found = units.find(([pattern]) => pattern.test(name));
  return found === undefined ? ["", 1] : [found[1], found[2]];
};

export const median = (values: number[]): number => {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((one, other) => one - other);
  const { length } = sorted;
  if (length === 0) return Number.NaN;
  return ((sorted[(length - 1) >> 1] ?? 0) + (sorted[length >> 1] ?? 0)) / 2;
};

export function rowsOf(runs: readonly Run[]): Row[] {
  const rows: Row[] = [];
  for (const { workload, figures } of runs)
    for (const name of Object.keys(figures)) {
      if (rows.some((row) => row.workload === workload && row.name === name)) continue;
      rows.push({ workload, name, medians: {} });
    }
  for (const row of rows)
    for (const peer of new Set(runs.map((run) => run.peer))) {
      const values = runs
        .filter((run) => run.workload === row.workload && run.peer === peer)
        .map(({ figures }) => figures[row.name] ?? Number.NaN);
      if (values.length > 0) row.medians[peer] = median(values);
    }
  return rows;
}

const show = (value: number | undefined, digits: number): string =>
  value === undefined || Number.isNaN(value) ? "–" : value.toFixed(digits);

function ratio(value: number | undefined, base: number | undefined): string {
  return value === undefined || base === undefined || !(base > 0) ? "" : show(value / base, 2);
}

/** A table in Markdown, ready for a document. Its ratios are relative to stock, or to the first peer where stock is missing. */
export function printTable(runs: readonly Run[], peers: readonly PeerName[]): void {
  const base = peers.find((peer) => peer === "stock") ?? peers[0] ?? "ours";
  const others = peers.filter((peer) => peer !== base);
  const header = ["workload", "figure", ...peers, ...others.map((peer) => `${peer} / ${base}`)];
  const lines = rowsOf(runs).map(({ workload, name, medians }) => {
    const [unit, digits] = unitOf(name);
    const label = unit === "" ? name : `${name}, ${unit}`;
    const figures = peers.map((peer) => show(medians[peer], digits));
    return [workload, label, ...figures, ...others.map((peer) => ratio(medians[peer], medians[base]))];
  });
  const widths = header.map((title, at) =>
    Math.max(title.length, ...lines.map((line) => line[at]?.length ?? 0)),
  );
  const print = (cells: string[]) =>
    console.log(
      `| ${cells.map((cell, at) => (at < 2 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join(" | ")} |`,
    );
  print(header);
  print(widths.map((width) => "-".repeat(width)));
  for (const line of lines) print(line);
}

/** One line for each run in which a delivery was wrong. */
export function faultLines(runs: readonly Run[]): string[] {
  return runs.flatMap(({ peer, workload, round, faults }) => {
    const wrong = Object.entries(faults).filter(([, count]) => count > 0);
    if (wrong.length === 0) return [];
    return [
      `${peer}, ${workload}, round ${round}: ${wrong.map(([what, count]) => `${count} ${what}`).join(", ")}`,
    ];
  });
}
