import { figuresOf } from "../../bench/latencies";
import { sendingsOf } from "./message-verdicts";
import { recoveriesOf } from "./recovery";
import type { Run } from "./run";
import type { VerdictName } from "./verdict-names";
import { judge } from "./verdicts";

/** Examples shown for each verdict: more of one kind show nothing new. */
const mostExamples = 5;

/** `broken`: the promises with a breach. */
export type Report = { acknowledged: number; broken: readonly VerdictName[]; lines: readonly string[] };

/** One table: the numbers sent and received, each verdict, the faults dealt, and how soon visitors were back. */
export function report({ evidence, dealt, unrest }: Run): Report {
  const verdicts = judge(evidence, unrest);
  const sendings = evidence.visitors.flatMap(sendingsOf);
  const unknown = sendings.filter(({ ackedAt }) => ackedAt === undefined).length;
  const entries = evidence.findings.flatMap((finding) => finding.entries);
  const stored = entries.filter(({ kind }) => kind === "message");
  const notices = entries.filter(({ kind }) => kind === "join" || kind === "leave");
  const shown = evidence.visitors.flatMap(({ shown: lines = [] }) =>
    lines.filter(({ kind }) => kind === "message"),
  );
  const recoveries = recoveriesOf(evidence.visitors);
  const lines = [
    row("sent", sendings.length),
    row("acknowledged", sendings.length - unknown),
    row("of unknown outcome", unknown),
    row("stored", stored.length),
    row("shown, over all pages in the end", shown.length),
    row("notices", notices.length),
    "",
    ...verdicts.flatMap(({ name, breaches }) => [
      row(name, breaches.length),
      ...breaches.slice(0, mostExamples).map((breach) => `    ${breach}`),
    ]),
    "",
    ...counted(dealt.map(({ fault }) => fault)).map(([fault, count]) => row(fault, count)),
    "",
    row("back in the room after losing the link", timesOf(recoveries.room)),
    row("sending again after the store was away", timesOf(recoveries.store)),
  ];
  const broken = verdicts.filter(({ breaches }) => breaches.length > 0).map(({ name }) => name);
  return { acknowledged: sendings.length - unknown, broken, lines };
}

const row = (name: string, figure: number | string): string =>
  `${name.padEnd(56)} ${String(figure).padStart(8)}`;

function counted(names: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => a.localeCompare(b));
}

function timesOf(times: number[]): string {
  const { count, p50, p99 } = figuresOf(times);
  return count === 0 ? "0 times" : `${count} times, p50 ${Math.round(p50)} ms, p99 ${Math.round(p99)} ms`;
}
