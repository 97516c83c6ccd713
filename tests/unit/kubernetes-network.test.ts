import { find, podsOf, renderFolder, renderWith, titleOf } from "../support/kustomize";
import { type Labels, type Manifest, type Peer, selects, type Way } from "../support/manifests";
import { expect, test } from "../support/plain-test";

test.describe.configure({ mode: "default" });

const production = renderFolder("k8s/overlays/production");

type Place = { namespace: Labels; pod: Labels };

const namespace = (name: string, labels: Labels = {}): Labels => ({
  "kubernetes.io/metadata.name": name,
  ...labels,
});
const labelsOf = (objects: Manifest[], kind: string, name: string): Place => {
  const [pod] = podsOf(find(objects, kind, name));
  return { namespace: namespace("madang"), pod: pod?.metadata.labels ?? {} };
};

const isPeer = ({ namespaceSelector, podSelector }: Peer, { namespace, pod }: Place): boolean => {
  if (namespaceSelector === undefined && podSelector === undefined) return false;
  // Without a namespace selector a policy means its own namespace.
  const own = { matchLabels: { "kubernetes.io/metadata.name": "madang" } };
  return selects(namespaceSelector ?? own, namespace) && selects(podSelector ?? {}, pod);
};

/** The ports on which these objects' policies let traffic pass in one direction between one of our pods and another place. */
function ports(objects: Manifest[], ours: Place, way: "ingress" | "egress", other: Place | string): string[] {
  const policies = objects.filter(
    ({ kind, spec }) => kind === "NetworkPolicy" && selects(spec?.podSelector, ours.pod),
  );
  const isMeant = (peer: Peer) =>
    typeof other === "string" ? peer.ipBlock?.cidr === other : isPeer(peer, other);
  const ways: Way[] = policies.flatMap(({ spec }) => spec?.[way] ?? []);
  const open = ways
    .filter(({ from, to }) => (from ?? to ?? []).some(isMeant))
    .flatMap(({ ports = [] }) => ports.map(({ protocol, port }) => `${port}/${protocol}`));
  return [...new Set(open)].sort();
}

const chat = labelsOf(production, "Deployment", "madang-chat");
const redis = labelsOf(production, "StatefulSet", "madang-redis");
const backup = labelsOf(production, "CronJob", "madang-backup");
const dns: Place = { namespace: namespace("kube-system"), pod: { "k8s-app": "some-dns" } };
const stranger: Place = { namespace: namespace("default"), pod: { app: "stranger" } };
const own: Place = { namespace: namespace("madang"), pod: { app: "stranger" } };

test("the namespace denies all traffic that no policy allows", () => {
  for (const objects of [production, renderFolder("k8s")])
    expect(find(objects, "NetworkPolicy", "madang-default-deny").spec).toEqual({
      podSelector: {},
      policyTypes: ["Ingress", "Egress"],
    });
});

const pages = ["3000/TCP", "9/TCP"];
const fronts: [name: string, front: Place, open: string[]][] = [
  ["ingress-nginx", { namespace: namespace("ingress-nginx"), pod: {} }, pages],
  ["Traefik", { namespace: namespace("traefik"), pod: {} }, pages],
  ["Envoy Gateway", { namespace: namespace("envoy-gateway-system"), pod: {} }, pages],
  ["Istio", { namespace: namespace("istio-system"), pod: {} }, pages],
  ["HAProxy", { namespace: namespace("haproxy-controller"), pod: {} }, pages],
  ["Kong", { namespace: namespace("kong"), pod: {} }, pages],
  ["the Traefik of k3s", { ...dns, pod: { "app.kubernetes.io/name": "traefik" } }, pages],
  ["a labelled namespace", { namespace: namespace("a", { "madang/front": "true" }), pod: {} }, pages],
  ["a labelled pod", { namespace: namespace("a"), pod: { "madang/front": "true" } }, pages],
  ["a labelled scraper", { namespace: namespace("a"), pod: { "madang/scraper": "true" } }, ["3000/TCP"]],
  ["any other pod", stranger, []],
  ["a pod of the cluster's own", dns, []],
  ["another pod of the namespace", own, []],
  ["Redis", redis, []],
];

for (const [name, front, open] of fronts)
  test(`${name} reaches ${open.length > 0 ? open.join(" and ") : "nothing"} of the replicas, and nothing of Redis`, () => {
    expect(ports(production, chat, "ingress", front)).toEqual(open);
    expect(ports(production, redis, "ingress", front)).toEqual([]);
  });

test("the replicas reach Redis and DNS only, and Redis nothing", () => {
  expect(ports(production, chat, "egress", redis)).toEqual(["6379/TCP"]);
  expect(ports(production, redis, "ingress", chat)).toEqual(["6379/TCP"]);
  for (const peer of [dns, "169.254.20.10/32"]) {
    expect(ports(production, chat, "egress", peer)).toEqual(["53/TCP", "53/UDP"]);
    expect(ports(production, redis, "egress", peer)).toEqual([]);
  }
  for (const peer of [stranger, own, backup]) expect(ports(production, chat, "egress", peer)).toEqual([]);
  for (const peer of [stranger, own, backup, chat])
    expect(ports(production, redis, "egress", peer)).toEqual([]);
});

test("a backup reaches Redis and DNS only, and nothing reaches it", () => {
  expect(labelsOf(production, "CronJob", "madang-restore")).toEqual(backup);
  expect(ports(production, backup, "egress", redis)).toEqual(["6379/TCP"]);
  expect(ports(production, redis, "ingress", backup)).toEqual(["6379/TCP"]);
  expect(ports(production, backup, "egress", dns)).toEqual(["53/TCP", "53/UDP"]);
  for (const peer of [chat, stranger, own]) {
    expect(ports(production, backup, "egress", peer)).toEqual([]);
    expect(ports(production, backup, "ingress", peer)).toEqual([]);
  }
});

test("replicas reach a Redis outside the cluster only at the addresses that the operator names", async () => {
  const outside = await renderWith(["external-redis"]);
  expect(ports(outside, chat, "egress", "192.0.2.0/24")).toEqual(["6379/TCP"]);
  expect(ports(outside, chat, "egress", redis)).toEqual([]);
  expect(outside.map(titleOf)).not.toContain("StatefulSet/madang-redis");
});

test("replicas reach the owner’s receiver only at public addresses, over TLS", async () => {
  const told = await renderWith(["redis", "webhook"]);
  for (const range of ["0.0.0.0/0", "::/0"]) expect(ports(told, chat, "egress", range)).toEqual(["443/TCP"]);
  expect(ports(production, chat, "egress", "0.0.0.0/0")).toEqual([]);
  const [outside] = find(told, "NetworkPolicy", "madang-chat-to-webhook").spec?.egress?.[0]?.to ?? [];
  expect(outside?.ipBlock?.except).toEqual(
    expect.arrayContaining(["10.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"]),
  );
});

test.describe("/api/metrics", () => {
  const closed = { "/api/metrics": "madang-closed", "/": "madang-chat" };

  test("is closed by a Gateway, where a WebSocket may last", () => {
    const rules = find(production, "HTTPRoute", "madang").spec?.rules ?? [];
    const backends = rules.map(({ matches, backendRefs }) => [matches[0]?.path.value, backendRefs[0]?.name]);
    expect(Object.fromEntries(backends)).toEqual(closed);
    expect(rules[1]?.timeouts).toEqual({ request: "0s", backendRequest: "0s" });
  });

  test("is closed by an Ingress, where a WebSocket may be quiet", async () => {
    const { spec, metadata } = find(await renderWith(["redis", "ingress"]), "Ingress", "madang");
    const paths = spec?.rules?.[0]?.http.paths ?? [];
    expect(Object.fromEntries(paths.map(({ path, backend }) => [path, backend.service.name]))).toEqual(
      closed,
    );
    expect(metadata.annotations).toMatchObject({ "nginx.ingress.kubernetes.io/proxy-read-timeout": "3600" });
    const bound = (name: string) => Number(metadata.annotations?.[name]);
    const [visitors, files, tabs, browserSockets] = [300, 30, 3, 6];
    const nginx = "nginx.ingress.kubernetes.io";
    expect(bound(`${nginx}/limit-connections`)).toBeGreaterThan(visitors * (tabs + browserSockets));
    const atOnce = bound(`${nginx}/limit-rps`) * bound(`${nginx}/limit-burst-multiplier`);
    expect(atOnce, "a school behind one address").toBeGreaterThan(visitors * (files + 1));
    expect(bound("haproxy.org/rate-limit-requests")).toBeGreaterThan(visitors * (files + 1 + tabs));
    expect(
      Object.keys(metadata.annotations ?? {}).filter((name) => /affinity|sticky|cookie/.test(name)),
    ).toEqual([]);
  });

  test("is closed by a port on which no replica listens, and which refuses at once", () => {
    const [port, ...more] = find(production, "Service", "madang-closed").spec?.ports ?? [];
    expect(more).toEqual([]);
    const [pod] = podsOf(find(production, "Deployment", "madang-chat"));
    const listening = pod?.spec.containers.flatMap(({ ports = [] }) =>
      ports.map(({ containerPort }) => containerPort),
    );
    expect(listening).not.toContain(port?.targetPort);
    // If packets were dropped, the front would wait.
    expect(ports(production, chat, "ingress", { namespace: namespace("traefik"), pod: {} })).toContain(
      `${port?.targetPort}/TCP`,
    );
  });
});
