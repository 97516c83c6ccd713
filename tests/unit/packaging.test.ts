import { existsSync, readdirSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { readConfig } from "../../server/config";
import { assignments, closeMs, expectPatchedRedis, plain, read, settings, under } from "../support/packaging";

test.describe("settings", () => {
  const example = assignments(read(".env.example"), "#?");

  test("the table of docs/operations.md, .env.example and the server name the same ones, with the same defaults", () => {
    const table = read("docs/operations.md").matchAll(/^\| `([A-Z_]+)` \|(.*?)\|/gm);
    const documented = [...table].map(([, name, value = ""]) => [name, value.replaceAll("`", "").trim()]);
    expect(documented.map(([name]) => name).sort()).toEqual(settings);
    expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(example));
  });

  test("the values that .env.example shows are what the server does without them", () => {
    const shown = readConfig({ ...Object.fromEntries(example), NODE_ENV: "test" });
    const without = readConfig({ NODE_ENV: "test" });
    if (!shown.ok || !without.ok) throw new Error("the defaults are refused");
    const { sessionKeys: _, ...same } = without.config;
    expect(shown.config).toMatchObject(same);
    expect([...assignments(read(".env.example")).keys()], "copying it changes nothing").toEqual([]);
  });

  test("docs/operations.md says what each metric is for", () => {
    const names = [...read("server/metrics.ts").matchAll(/name: "(madang_\w+)"/g)].map(([, name]) => name);
    const table = [...read("docs/operations.md").matchAll(/^\| `(madang_\w+)` \|/gm)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(0);
    expect(table.sort()).toEqual(names.sort());
  });
});

test.describe("k8s", () => {
  const files = readdirSync("k8s").filter((file) => file.endsWith(".yaml"));
  const chat = plain("k8s/chat.yaml");
  const redis = plain("k8s/redis.yaml");
  const values = Object.fromEntries(assignments(read("k8s/settings.env")));

  test("applies every manifest but the example of a secret, which holds none", () => {
    const resources = [...under(plain("k8s/kustomization.yaml"), "resources").matchAll(/- (\S+)/g)].map(
      ([, file]) => file,
    );
    const applied = files.filter((file) => file !== "kustomization.yaml" && !file.includes(".example."));
    expect(resources.sort()).toEqual(applied.sort());
    const secrets = [
      ...under(read("k8s/secret.example.yaml"), "stringData").matchAll(/^ +([A-Z_]+): (.*)$/gm),
    ];
    expect(secrets.map(([, name]) => name).sort()).toEqual(["REDIS_PASSWORD", "SESSION_SECRET"]);
    expect(secrets.map(([, , value]) => value)).toEqual(['""', '""']);
    for (const file of applied) expect(read(`k8s/${file}`), file).not.toContain("kind: Secret");
  });

  test("runs as many replicas as it declares, with settings that the server takes", () => {
    expect(values.REPLICAS).toBe(under(chat, "replicas").split("\n")[0]);
    const names = Object.keys(values).filter((name) => name !== "NODE_ENV");
    expect(names.filter((name) => !settings.includes(name))).toEqual([]);
    const url = chat.match(/value: (redis:.*)/)?.[1]?.replace("$(REDIS_PASSWORD)", "0123abc") ?? "";
    const environment = { ...values, NODE_ENV: "production", REDIS_URL: url } as const;
    expect(readConfig(environment)).toMatchObject({ ok: false });
    expect(readConfig({ ...environment, SESSION_SECRET: "made up" })).toMatchObject({ ok: true });
    const { version } = JSON.parse(read("package.json")) as { version: string };
    expect(chat).toContain(`image: madang:${version}\n`);
  });

  test("asks the store before the first visitor comes, and never again", () => {
    const paths = ["startupProbe", "readinessProbe", "livenessProbe"].map((probe) =>
      under(chat, probe, "path"),
    );
    expect(paths).toEqual(["/api/socket", "/api/ready", "/api/health"]);
    for (const path of paths) expect(existsSync(`pages${path}.ts`), path).toBe(true);
  });

  test("leaves a replica the time to be forgotten, to drain and to close", () => {
    const preStopSeconds = Number(under(chat, "preStop").match(/"sleep", "(\d+)"/)?.[1]);
    const graceSeconds = Number.parseInt(under(chat, "terminationGracePeriodSeconds"), 10);
    expect(preStopSeconds).toBeGreaterThanOrEqual(5);
    expect(graceSeconds * 1000).toBeGreaterThan(preStopSeconds * 1000 + Number(values.DRAIN_MS) + closeMs());
    expect(under(chat, "rollingUpdate").replaceAll(/\s+/g, " ")).toContain("maxUnavailable: 0 maxSurge: 1");
  });

  for (const [name, manifest] of Object.entries({ chat, redis }))
    test(`the pods of ${name} keep to the restricted profile`, () => {
      for (const trait of [
        /runAsNonRoot: true/,
        /runAsUser: [1-9]\d*/,
        /type: RuntimeDefault/,
        /allowPrivilegeEscalation: false/,
        /readOnlyRootFilesystem: true/,
        /drop: \[ALL\]/,
        /automountServiceAccountToken: false/,
        /enableServiceLinks: false/,
        /image: [\w./-]+:\d+\.\d+\.\d+/,
      ])
        expect(manifest).toMatch(trait);
    });

  test("Redis keeps everything, and lets in nobody but the replicas, to their own keys", () => {
    expectPatchedRedis(redis);
    const config = plain("k8s/redis.conf");
    for (const line of ["appendonly yes", "appendfsync everysec", "maxmemory-policy noeviction"])
      expect(config.split("\n")).toContain(line);
    expect(config, "the password is the Secret's").not.toMatch(/^requirepass|^user /m);
    const { REDIS_PREFIX } = Object.fromEntries(assignments(read(".env.example"), "#?"));
    const acl = plain("k8s/start-redis.sh").replaceAll(/["'\\\s]+/g, " ");
    for (const words of [
      "user default off",
      `~${REDIS_PREFIX}* &${REDIS_PREFIX}*`,
      "-@all",
      "+time",
      "+eval +evalsha",
    ])
      expect(acl).toContain(words);
  });

  test("the policies select the pods that there are, and give each its only way", () => {
    const [policyOfChat = "", policyOfRedis = ""] = plain("k8s/network-policy.yaml").split("\n---\n");
    const labelsOf = (manifest: string) => under(manifest, "labels").match(/component: (\w+)/)?.[1];
    expect([labelsOf(chat), labelsOf(redis)]).toEqual(["chat", "redis"]);
    const selected = [policyOfChat, policyOfRedis].map((policy) => under(policy, "spec", "podSelector"));
    expect(selected.map((labels) => labels.match(/component: (\w+)/)?.[1])).toEqual(["chat", "redis"]);
    for (const policy of [policyOfChat, policyOfRedis])
      expect(policy).toContain("policyTypes: [Ingress, Egress]");
    const ports = (policy: string, way: string) =>
      [...under(policy, "spec", way).matchAll(/port: (\d+)/g)].map(([, port]) => port);
    expect(ports(policyOfChat, "ingress")).toEqual(["3000"]);
    expect(ports(policyOfChat, "egress")).toEqual(["6379", "53", "53"]);
    expect(ports(policyOfRedis, "ingress")).toEqual(["6379"]);
    expect(under(policyOfRedis, "spec", "egress").trim()).toBe("[]");
  });

  test("the ingress keeps /api/metrics inside and lets a WebSocket be quiet", () => {
    const ingress = plain("k8s/ingress.yaml");
    const backends = [...ingress.matchAll(/path: (\S+)\n.*\n.*\n.*\n +name: (\S+)/g)].map(
      ([, path, name]) => [path, name],
    );
    expect(backends).toEqual([
      ["/api/metrics", "madang-closed"],
      ["/", "madang-chat"],
    ]);
    const [, closed = ""] = plain("k8s/chat-service.yaml").split("\n---\n");
    expect(closed).toContain("name: madang-closed");
    expect(closed, "with a selector it would have pods").not.toContain("selector:");
    expect(ingress).toMatch(/proxy-read-timeout: "3600"/);
    expect(ingress).not.toContain("affinity:");
  });
});
