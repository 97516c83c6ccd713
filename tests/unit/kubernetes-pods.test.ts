import { existsSync } from "node:fs";
import { parse } from "yaml";
import { readConfig } from "../../server/config";
import { containerOf, find, podsOf, renderFolder, renderWith } from "../support/kustomize";
import type { Manifest } from "../support/manifests";
import { assignments, closeMs, expectPatchedRedis, read, settings } from "../support/packaging";
import { expect, test } from "../support/plain-test";
import { documentedAcl, documentedAdditions } from "../support/store-acl";

test.describe.configure({ mode: "default" });

const objects = renderFolder("k8s");
const chat = find(objects, "Deployment", "madang-chat");
const redis = find(objects, "StatefulSet", "madang-redis");

/** The only ConfigMap of that name, whatever its hash. */
function configOf(name: string): Record<string, string> {
  const [found, ...more] = objects.filter(
    ({ kind, metadata }) => kind === "ConfigMap" && metadata.name.replace(/-\w{10}$/, "") === name,
  );
  if (found === undefined || more.length > 0) throw new Error(`not one ConfigMap ${name}`);
  return found.data ?? {};
}

const values = configOf("madang-settings");

test.describe("the replicas", () => {
  const container = containerOf(chat);
  const [pod] = podsOf(chat);

  test("have the number that REPLICAS says, with settings that the server accepts", () => {
    expect(values.REPLICAS).toBe(String(chat.spec?.replicas));
    expect(chat.spec?.replicas).toBeGreaterThan(1);
    const names = Object.keys(values).filter((name) => name !== "NODE_ENV");
    expect(names.filter((name) => !settings.includes(name))).toEqual([]);
    const url = container.env?.find(({ name }) => name === "REDIS_URL")?.value ?? "";
    const environment = {
      ...values,
      NODE_ENV: "production",
      REDIS_URL: url.replace(/\$\(\w+\)/, "0123abc"),
    } as const;
    expect(readConfig(environment)).toMatchObject({ ok: false });
    expect(readConfig({ ...environment, SESSION_SECRET: "made up".repeat(5) })).toMatchObject({ ok: true });
  });

  test("run the version of package.json, without a registry", () => {
    const { version } = JSON.parse(read("package.json")) as { version: string };
    expect(container).toMatchObject({ image: `madang:${version}`, imagePullPolicy: "IfNotPresent" });
  });

  for (const [name, store] of Object.entries({ redis: "REDIS_PASSWORD", "external-redis": "REDIS_URL" }))
    test(`get their store from ${name}`, async () => {
      const { env = [] } = containerOf(find(await renderWith([name]), "Deployment", "madang-chat"));
      const names = env.map((variable) => variable.name);
      expect(names).toEqual(expect.arrayContaining(["SESSION_SECRET", store, "REDIS_URL", "NODE_OPTIONS"]));
      const kept = env.find((variable) => variable.name === store);
      expect(kept?.valueFrom?.secretKeyRef).toEqual({ name: "madang-secrets", key: store });
    });

  test("get the owner’s receiver from the Secret", async () => {
    const { env = [] } = containerOf(
      find(await renderWith(["redis", "webhook"]), "Deployment", "madang-chat"),
    );
    for (const name of ["OWNER_WEBHOOK", "OWNER_WEBHOOK_SECRET"])
      expect(env.find((variable) => variable.name === name)?.valueFrom?.secretKeyRef).toEqual({
        name: "madang-secrets",
        key: name,
      });
  });

  test("have three probes, none of which waits for Redis to be back", () => {
    const probe = (path: string, periodSeconds: number, failureThreshold: number) => ({
      httpGet: { path, port: "http" },
      periodSeconds,
      timeoutSeconds: 5,
      failureThreshold,
    });
    expect(container.startupProbe).toEqual(probe("/api/ready", 2, 60));
    expect(container.readinessProbe).toEqual(probe("/api/ready", 5, 3));
    expect(container.livenessProbe).toEqual(probe("/api/health", 10, 6));
    for (const path of ["/api/ready", "/api/health"]) expect(existsSync(`pages${path}.ts`), path).toBe(true);
  });

  test("have time until proxies drop them, and to drain and close", () => {
    const [command, seconds] = container.lifecycle?.preStop?.exec?.command ?? [];
    expect([command, Number(seconds) >= 5]).toEqual(["sleep", true]);
    const neededMs = Number(seconds) * 1000 + Number(values.DRAIN_MS) + closeMs();
    expect((pod?.spec.terminationGracePeriodSeconds ?? 0) * 1000).toBeGreaterThan(neededMs);
    expect(chat.spec?.strategy).toEqual({
      type: "RollingUpdate",
      rollingUpdate: { maxUnavailable: 0, maxSurge: 1 },
    });
  });

  test("request the measured resources, and bound the heap below the limit", () => {
    expect(container.resources).toEqual({
      requests: { cpu: "500m", memory: "320Mi" },
      limits: { memory: "512Mi" },
    });
    const options = container.env?.find(({ name }) => name === "NODE_OPTIONS")?.value ?? "";
    const heap = Number(options.match(/--max-old-space-size=(\d+)/)?.[1]);
    expect(heap).toBeLessThanOrEqual(512 * 0.75);
    expect(heap).toBeGreaterThan(290);
  });

  test("are spread over nodes and zones, each rollout on its own", () => {
    const spread = pod?.spec.topologySpreadConstraints ?? [];
    expect(spread).toHaveLength(2);
    for (const constraint of spread) {
      expect(constraint.labelSelector).toEqual(chat.spec?.selector);
      expect(constraint.matchLabelKeys).toEqual(["pod-template-hash"]);
    }
  });

  test("get their number only from the autoscaler where there is one", async () => {
    const scaled = await renderWith(["redis", "hpa"]);
    expect(find(scaled, "Deployment", "madang-chat").spec).not.toHaveProperty("replicas");
    const { spec } = find(scaled, "HorizontalPodAutoscaler", "madang-chat");
    expect(String(spec?.minReplicas)).toBe(values.REPLICAS);
  });
});

test.describe("Redis", () => {
  const container = containerOf(redis);
  const { "redis.conf": config = "", "start-redis.sh": script = "" } = configOf("madang-redis");

  test("keeps everything, on a volume that outlives it", () => {
    expectPatchedRedis(`image: ${container.image}`);
    for (const line of ["appendonly yes", "appendfsync everysec", "maxmemory-policy noeviction"])
      expect(config.split("\n")).toContain(line);
    expect(redis.spec).toMatchObject({
      replicas: 1,
      persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
    });
  });

  test("lets the replicas access only their own keys, with passwords from the Secret", () => {
    expect(config).not.toMatch(/^requirepass|^user /m);
    const { REDIS_PREFIX } = Object.fromEntries(assignments(read(".env.example"), "#?"));
    const acl = script.replaceAll(/["'\\\s]+/g, " ");
    const ofReplicas = documentedAcl().replace("PASSWORD", "$REDIS_PASSWORD");
    const documented = `${ofReplicas} ${documentedAdditions.tool()}`;
    for (const words of ["user default off ~* &* +@all ", `~${REDIS_PREFIX}* &${REDIS_PREFIX}*`, documented])
      expect(acl).toContain(words);
  });

  test("runs the same release as the backup job", async () => {
    const all = await renderWith(["redis", "backup"]);
    for (const name of ["madang-backup", "madang-restore"])
      expect(containerOf(find(all, "CronJob", name)).image).toBe(container.image);
  });
});

test.describe("backups", () => {
  const isSuspended = ({ spec }: Manifest) => spec?.suspend ?? false;

  test("are made one at a time, and only an operator restores them", async () => {
    const all = await renderWith(["redis", "backup"]);
    const [backup, restore] = ["madang-backup", "madang-restore"].map((name) => find(all, "CronJob", name));
    if (backup === undefined || restore === undefined) throw new Error("a job is missing");
    expect([isSuspended(backup), isSuspended(restore)]).toEqual([false, true]);
    expect(backup.spec?.concurrencyPolicy).toBe("Forbid");
    for (const job of [backup, restore]) {
      const [, script = ""] = containerOf(job).command ?? [];
      expect(existsSync(script.replace("/etc/", "k8s/components/")), script).toBe(true);
    }
  });
});

test("the commented patches of the production overlay work", async () => {
  const overlay = read("k8s/overlays/production/kustomization.yaml");
  const shown =
    overlay.match(/^ {2}# With components\/ingress:\n((?: {2}# .*\n)+?)(?= {2}# CHANGE)/m)?.[1] ?? "";
  const ofIngress = parse(shown.replaceAll(/^ {2}# /gm, "")) as [{ patch: string }];
  ofIngress[0].patch = ofIngress[0].patch
    .replaceAll("blog.example.com", "my.example")
    .replace("traefik", "mine");
  const operation = overlay.match(/^ {2}# {5}(- op: add\n(?: {2}#.*\n)+?)(?= {2}- target)/m)?.[1] ?? "";
  const ofClass = {
    target: { kind: "StatefulSet", name: "madang-redis" },
    patch: operation.replaceAll(/^ {2}# {5}/gm, ""),
  };
  const all = await renderWith(["redis", "ingress"], [...ofIngress, ofClass]);
  expect(find(all, "Ingress", "madang").spec).toMatchObject({
    ingressClassName: "mine",
    rules: [{ host: "my.example" }],
    tls: [{ hosts: ["my.example"] }],
  });
  expect(find(all, "StatefulSet", "madang-redis").spec?.volumeClaimTemplates).toMatchObject([
    { spec: { storageClassName: "fast" } },
  ]);
});
