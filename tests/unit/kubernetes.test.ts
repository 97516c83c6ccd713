import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { danglingReferences } from "../support/dangling-references";
import { faultsOf } from "../support/kubernetes-schemas";
import { allPods, find, podsOf, renderFolder, renderWith, titleOf } from "../support/kustomize";
import type { Manifest } from "../support/manifests";
import { expect, test } from "../support/plain-test";

const foldersIn = (folder: string) =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

const stores = ["redis", "external-redis"];
const additions = foldersIn("k8s/components").filter((name) => !stores.includes(name));

type Render = () => Manifest[] | Promise<Manifest[]>;

/** Each variant is rendered once for all tests of this worker; tests must not change it. */
function once(render: Render): Render {
  let rendered: ReturnType<Render> | undefined;
  return () => {
    rendered ??= render();
    return rendered;
  };
}

/** The variants that an operator may apply: each entry, and the base with each store and each further component. */
const entries = ["k8s", ...foldersIn("k8s/overlays").map((name) => `k8s/overlays/${name}`)];
const combinations = [[], ...stores.map((store) => [store]), ...additions.map((name) => ["redis", name])];
const variants: [name: string, render: Render][] = [
  ...entries.map((folder): [string, Render] => [folder, once(() => renderFolder(folder))]),
  ...combinations.map((names): [string, Render] => [
    ["the base", ...names].join(" + "),
    once(() => renderWith(names)),
  ]),
];

// In one worker, so that each variant is rendered once.
test.describe.configure({ mode: "default" });

for (const [name, render] of variants) {
  test(`${name}: each object keeps to the schema of its kind, in the namespace madang`, async () => {
    const objects = await render();
    const faults = objects.flatMap((object) =>
      faultsOf(object).map((fault) => `${titleOf(object)}: ${fault}`),
    );
    expect(faults).toEqual([]);
    const titles = objects.map(titleOf);
    expect(new Set(titles).size).toBe(titles.length);
    expect(titles).toContain("Namespace/madang");
    const elsewhere = objects.filter(
      ({ kind, metadata }) => kind !== "Namespace" && metadata.namespace !== "madang",
    );
    expect(elsewhere.map(titleOf)).toEqual([]);
    expect(objects.filter(({ kind }) => kind === "Secret").map(titleOf)).toEqual([]);
  });

  test(`${name}: each name and selector matches an object`, async () => {
    expect(danglingReferences(await render())).toEqual([]);
  });

  test(`${name}: the pods keep to the restricted profile`, async () => {
    const objects = await render();
    for (const account of objects.filter(({ kind }) => kind === "ServiceAccount"))
      expect(account.automountServiceAccountToken).toBe(false);
    expect(allPods(objects).length).toBeGreaterThan(0);
    for (const { spec } of allPods(objects)) {
      expect(spec).toMatchObject({
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      });
      expect(spec.securityContext?.runAsUser).toBeGreaterThan(0);
      for (const container of spec.containers) {
        expect(container.securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        });
        expect(container.image).toMatch(/^[\w./-]+:\d+\.\d+\.\d+/);
        expect(Object.keys(container.resources?.requests ?? {})).toEqual(["cpu", "memory"]);
        expect(container.resources?.limits).toHaveProperty("memory");
      }
    }
  });
}

test("the namespace admits only pods of the restricted profile, by the rules of one version", () => {
  const [{ metadata } = { metadata: { labels: {} } }] = renderFolder("k8s");
  const version = expect.stringMatching(/^v1\.\d+$/);
  for (const mode of ["enforce", "warn", "audit"])
    expect(metadata.labels).toMatchObject({
      [`pod-security.kubernetes.io/${mode}`]: "restricted",
      [`pod-security.kubernetes.io/${mode}-version`]: version,
    });
});

test("the example of a Secret contains no real secret", () => {
  const example = parse(readFileSync("k8s/secret.example.yaml", "utf8")) as Manifest & {
    stringData: Record<string, string>;
  };
  expect(faultsOf(example)).toEqual([]);
  expect(Object.keys(example.stringData)).toEqual(
    expect.arrayContaining(["SESSION_SECRET", "REDIS_PASSWORD"]),
  );
  expect(new Set(Object.values(example.stringData))).toEqual(new Set([""]));
});

/** Faults in the rendered production overlay that the checks above must find. */
const mistakes: [what: string, make: (objects: Manifest[]) => void][] = [
  ["a field that does not exist", (all) => Object.assign(containerIn(all), { imagePullPolice: "Always" })],
  ["a value of another type", (all) => Object.assign(containerIn(all), { image: 7 })],
  [
    "a kind that does not exist",
    (all) => Object.assign(find(all, "Service", "madang-chat"), { kind: "Servise" }),
  ],
  [
    "a field of a route",
    (all) => Object.assign(find(all, "HTTPRoute", "madang").spec ?? {}, { hostname: "a" }),
  ],
  [
    "a field of an alert",
    (all) =>
      Object.assign(find(all, "PrometheusRule", "madang-chat").spec?.groups?.[0]?.rules[0] ?? {}, {
        four: "1m",
      }),
  ],
  ["a pod's labels", (all) => Object.assign(podIn(all).metadata, { labels: { a: "b" } })],
  ["a service account", (all) => Object.assign(podIn(all).spec, { serviceAccountName: "default" })],
  ["a volume", (all) => podIn(all).spec.volumes?.pop()],
  ["a ConfigMap", (all) => Object.assign(containerIn(all), { envFrom: [{ configMapRef: { name: "a" } }] })],
  [
    "a key of the Secret",
    (all) =>
      containerIn(all).env?.push({
        name: "A",
        valueFrom: { secretKeyRef: { name: "madang-secrets", key: "A" } },
      }),
  ],
  ["the order of variables", (all) => containerIn(all).env?.reverse()],
  ["a route's backend", (all) => all.splice(all.indexOf(find(all, "Service", "madang-closed")), 1)],
  ["a claim", (all) => all.splice(all.indexOf(find(all, "PersistentVolumeClaim", "madang-backup")), 1)],
];

const podIn = (objects: Manifest[]) => {
  const [pod] = podsOf(find(objects, "Deployment", "madang-chat"));
  if (pod === undefined) throw new Error("the chat has no pods");
  return pod;
};

const containerIn = (objects: Manifest[]) => {
  const [container] = podIn(objects).spec.containers;
  if (container === undefined) throw new Error("the chat has no container");
  return container;
};

test("the checks above find each of these mistakes", () => {
  const whole = renderFolder("k8s/overlays/production");
  for (const [what, make] of mistakes) {
    const objects = structuredClone(whole);
    make(objects);
    expect([...objects.flatMap(faultsOf), ...danglingReferences(objects)].length, what).toBeGreaterThan(0);
  }
});
