import { parser } from "@prometheus-io/lezer-promql";
import { createMetrics } from "../../server/metrics";
import { find, renderWith } from "../support/kustomize";
import { expect, test } from "../support/plain-test";

test.describe.configure({ mode: "default" });

const objects = renderWith(["redis", "monitoring"]);

/** The series that Prometheus itself makes for each target. */
const ofPrometheus = ["up"];

/** The series of a replica; for histograms those that Prometheus makes of them. */
async function knownSeries(): Promise<string[]> {
  const text = await createMetrics().text();
  const types = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)];
  return types.flatMap(([, name = "", type]) =>
    type === "histogram" ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name],
  );
}

/** The series that an expression uses; throws when it is not PromQL. */
function seriesIn(expression: string): string[] {
  // Grafana fills these in before Prometheus reads them.
  const query = expression.replaceAll("$namespace", "madang");
  const series: string[] = [];
  parser.parse(query).iterate({
    enter: ({ type, name, from, to, node }) => {
      if (type.isError) throw new Error(`not PromQL at ${from}: ${expression}`);
      if (name === "Identifier" && node.parent?.name === "VectorSelector") series.push(query.slice(from, to));
    },
  });
  return series;
}

type Panel = {
  id: number;
  type: string;
  title: string;
  gridPos: { h: number; w: number; x: number; y: number };
  targets?: { expr: string }[];
};

const alertsOf = async () =>
  (find(await objects, "PrometheusRule", "madang-chat").spec?.groups ?? []).flatMap(({ rules }) => rules);
const dashboard = async () =>
  JSON.parse(find(await objects, "ConfigMap", "madang-dashboard").data?.["madang.json"] ?? "{}") as {
    uid: string;
    panels: Panel[];
  };

test("the reader of expressions finds series, and refuses text that is not PromQL", () => {
  expect(seriesIn('sum by (le) (rate(a_bucket{le="1"}[5m])) / on (pod) b > 0 or vector(0)')).toEqual([
    "a_bucket",
    "b",
  ]);
  expect(() => seriesIn("sum by (le (a)")).toThrow("not PromQL");
});

test("every alert uses existing series, and says what to do", async () => {
  const known = [...(await knownSeries()), ...ofPrometheus];
  const alerts = await alertsOf();
  expect(alerts.map(({ alert }) => alert)).toEqual([
    "MadangStoreAway",
    "MadangStorageFull",
    "MadangStoreFillingUp",
    "MadangStoreRewound",
    "MadangEventLoopLag",
    "MadangSlowCommands",
    "MadangReplicaDown",
  ]);
  for (const { alert, expr, annotations, labels } of alerts) {
    const series = seriesIn(expr);
    expect(series.length, alert).toBeGreaterThan(0);
    expect(
      series.filter((name) => !known.includes(name)),
      alert,
    ).toEqual([]);
    expect(Object.keys(annotations).sort()).toEqual(["description", "summary"]);
    expect(["critical", "warning"]).toContain(labels.severity);
  }
});

test("every panel of the dashboard uses existing series", async () => {
  const known = [...(await knownSeries()), ...ofPrometheus];
  const { panels } = await dashboard();
  const queries = panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr })));
  expect(queries.length).toBeGreaterThan(10);
  for (const { title, expr } of queries) {
    const series = seriesIn(expr);
    expect(series.length, title).toBeGreaterThan(0);
    expect(
      series.filter((name) => !known.includes(name)),
      title,
    ).toEqual([]);
  }
});

test("the dashboard shows every metric of the chat, in panels that do not overlap", async () => {
  const { panels } = await dashboard();
  const asked = panels.flatMap(({ targets = [] }) => targets.flatMap(({ expr }) => seriesIn(expr)));
  const own = (await knownSeries()).filter((name) => name.startsWith("madang_"));
  const shown = (name: string) => asked.includes(name) || /_(bucket|count|sum)$/.test(name);
  expect(own.filter((name) => !shown(name))).toEqual([]);
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
});

test("Grafana finds the dashboard, and Prometheus the replicas", async () => {
  const all = await objects;
  expect(find(all, "ConfigMap", "madang-dashboard").metadata.labels).toMatchObject({
    grafana_dashboard: "1",
  });
  expect(find(all, "ServiceMonitor", "madang-chat").spec?.endpoints).toMatchObject([
    {
      port: "http",
      path: "/api/metrics",
      authorization: { credentials: { name: "madang-secrets", key: "METRICS_TOKEN" } },
    },
  ]);
  // Alerts and panels select by the job, which is the Service's name.
  const expressions = [
    ...(await alertsOf()).map(({ expr }) => expr),
    ...(await dashboard()).panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
  ];
  for (const expression of expressions) {
    const jobs = [...expression.matchAll(/job="([^"]*)"/g)].map(([, job]) => job);
    expect(jobs.length, expression).toBe(seriesIn(expression).length);
    expect(new Set(jobs)).toEqual(new Set(["madang-chat"]));
  }
});
