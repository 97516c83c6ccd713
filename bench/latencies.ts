export type Figures = { count: number; p50: number; p95: number; p99: number; max: number };

/** By nearest rank: always a measured figure, never an interpolated one. */
export function figuresOf(latencies: number[]): Figures {
  const sorted = [...latencies].sort((one, other) => one - other);
  const rank = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
  return { count: sorted.length, p50: rank(0.5), p95: rank(0.95), p99: rank(0.99), max: rank(1) };
}

const ms = (value: number) => `${value.toFixed(2)} ms`.padStart(11);

export function printTable(rows: [string, Figures][]): void {
  const width = Math.max(...rows.map(([name]) => name.length));
  console.log(`${"".padEnd(width)}   measured         p50         p99         max`);
  for (const [name, { count, p50, p99, max }] of rows)
    console.log(`${name.padEnd(width)} ${String(count).padStart(10)} ${ms(p50)} ${ms(p99)} ${ms(max)}`);
}

export const median = (values: number[]): number =>
  [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
