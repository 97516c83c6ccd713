import { existsSync, readdirSync, readFileSync } from "node:fs";
import { runInNewContext } from "node:vm";
import { expect, test } from "@playwright/test";
import { readConfig, settingNames } from "../../server/config";

const read = (file: string): string => readFileSync(file, "utf8");
/** Without the lines that are comments. */
const plain = (file: string): string => read(file).replace(/^[ \t]*#.*\n/gm, "");

/** What a person sets; NODE_ENV belongs to the tools. */
const settings = settingNames.filter((name) => name !== "NODE_ENV").sort();

/** NAME=value lines, those that are commented out too when asked for. */
function assignments(text: string, prefix = ""): Map<string, string> {
  const found = text.matchAll(new RegExp(`^${prefix}([A-Z][A-Z_]*)=(.*)$`, "gm"));
  return new Map([...found].map(([, name = "", value = ""]) => [name, value]));
}

/** What a YAML file holds under the first key of that name, then under the next inside it: its line's rest and all deeper lines. */
function under(yaml: string, ...keys: string[]): string {
  return keys.reduce((text, key) => {
    const lines = text.split("\n");
    const start = lines.findIndex((line) => line.trim().replace(/^- /, "").startsWith(`${key}:`));
    const indentOf = (line: string) => line.search(/\S|$/);
    const first = lines[start];
    if (first === undefined) throw new Error(`there is no ${key} (of ${keys.join(" > ")})`);
    const rest = lines.slice(start + 1);
    const end = rest.findIndex((line) => line.trim() !== "" && indentOf(line) <= indentOf(first));
    return [
      first.slice(first.indexOf(`${key}:`) + key.length + 1).trim(),
      ...rest.slice(0, end < 0 ? undefined : end),
    ].join("\n");
  }, yaml);
}

/** A constant of the code that packaging has to leave room for. */
function constantIn(file: string, name: string): number {
  const value = read(file).match(new RegExp(`\\b${name} = ([\\d_]+)`))?.[1];
  if (value === undefined) throw new Error(`${file} has no ${name} any more: where did it go?`);
  return Number(value.replaceAll("_", ""));
}

const closeMs = () => constantIn("server/lib/shutdown.ts", "closeAllowanceMs");

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

type Answer = () => Promise<{ ok: boolean }>;

/** Runs a health check's script on a world of its own; resolves with how it ended and what it asked for. */
async function runCheck(script: string, env: Record<string, string>, answer: Answer) {
  const asked: string[] = [];
  const fetch = (url: string) => {
    asked.push(url);
    return answer();
  };
  const code = await new Promise((exit) => runInNewContext(script, { fetch, process: { env, exit } }));
  return { code, asked };
}

const answers: [name: string, answer: Answer, code: number][] = [
  ["ready", async () => ({ ok: true }), 0],
  ["not ready", async () => ({ ok: false }), 1],
  ["not there", () => Promise.reject(new Error("refused")), 1],
];

test.describe("the image", () => {
  const instructions = plain("Dockerfile")
    .replaceAll("\\\n", " ")
    .split("\n")
    .filter((line) => line.trim() !== "");
  const stageStarts = instructions.flatMap((line, index) => (line.startsWith("FROM ") ? [index] : []));
  const last = instructions.slice(stageStarts.at(-1));
  const argumentsOf = (name: string) =>
    last.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length).trim());

  test("is built in stages from one pinned release, and takes over nothing but what was built", () => {
    const stages = stageStarts.map((index) => instructions[index] ?? "");
    const names = stages.map((line) => line.match(/ AS (\w+)$/)?.[1]);
    const bases = stages.map((line) => line.split(" ")[1] ?? "").filter((base) => !names.includes(base));
    expect(stages.length).toBeGreaterThan(2);
    for (const base of bases) expect(base).toMatch(/^node:\d+\.\d+\.\d+-\w+-slim$/);
    for (const copy of argumentsOf("COPY")) expect(copy).toMatch(/^--from=\w+ .*\.next\/standalone/);
  });

  test("runs the server itself as an unprivileged process that gets SIGTERM", () => {
    expect(argumentsOf("CMD").map((line) => JSON.parse(line))).toEqual([["node", "server.js"]]);
    expect(argumentsOf("ENTRYPOINT")).toEqual([]);
    expect(argumentsOf("STOPSIGNAL")).toEqual(["SIGTERM"]);
    expect(argumentsOf("USER").at(-1)).toMatch(/^(node|1000)\b/);
    const environment = argumentsOf("ENV").join(" ");
    for (const pair of ["NODE_ENV=production", "HOSTNAME=0.0.0.0"]) expect(environment).toContain(pair);
  });

  for (const [name, answer, code] of answers)
    test(`its health check ends with ${code} when the server is ${name}`, async () => {
      const [check] = argumentsOf("HEALTHCHECK");
      const [node, flag, script] = JSON.parse(check?.match(/CMD (\[.*\])/)?.[1] ?? "[]") as string[];
      expect([node, flag]).toEqual(["node", "-e"]);
      const run = await runCheck(script ?? "", { PORT: "8123" }, answer);
      expect(run).toEqual({ code, asked: ["http://127.0.0.1:8123/api/ready"] });
    });

  test("is not built from secrets, nor from what is left on a developer's machine", () => {
    const ignored = read(".dockerignore").split("\n");
    for (const entry of [".env", ".env.*", ".git", "node_modules", ".next"]) expect(ignored).toContain(entry);
    const copied = instructions.flatMap(
      (line) => line.match(/^COPY (?!--from)(.*) \S+$/)?.[1]?.split(" ") ?? [],
    );
    expect(copied.filter((file) => ignored.includes(file) || !existsSync(file))).toEqual([]);
  });
});

/** 7.4.6 and so on: the first release of each line without the script vulnerabilities of 2025. */
const firstPatchedRedis: Record<string, number> = { "7.2": 11, "7.4": 6, "8.0": 4, "8.2": 2 };

function expectPatchedRedis(yaml: string): void {
  const [, line = "", patch] = yaml.match(/image: redis:(\d+\.\d+)\.(\d+)/) ?? [];
  expect(Number(patch), `redis ${line}`).toBeGreaterThanOrEqual(
    firstPatchedRedis[line] ?? Number.POSITIVE_INFINITY,
  );
}

test.describe("compose", () => {
  const compose = plain("compose.yaml");
  const chat = under(compose, "x-chat");
  const services = under(compose, "services");
  const replicas = [...services.matchAll(/^ {2}(chat-\d+):/gm)].map(([, name = ""]) => name);
  const environment = [...under(chat, "environment").matchAll(/^ {4}([A-Z_]+): (.*)$/gm)].map(
    ([, name = "", value = ""]) => [name, value.replace(/^\$\{\w+:-(.*)\}$/, "$1").replaceAll('"', "")],
  );

  test("starts replicas of one image, built once, with settings that the server takes", () => {
    expect(replicas.length).toBeGreaterThan(1);
    for (const name of replicas) expect(under(services, name)).toContain("<<: *chat");
    expect(compose.match(/^ +build:/gm)).toHaveLength(1);
    expect(environment.map(([name = ""]) => name).sort(), "each setting, or .env would not reach it").toEqual(
      settings,
    );
    const values = Object.fromEntries(environment) as Record<string, string>;
    expect(values).toMatchObject({
      REPLICAS: String(replicas.length),
      TRUST_PROXY_HOPS: "1",
      SESSION_SECRET: "",
    });
    expect(readConfig({ ...values, NODE_ENV: "production", SESSION_SECRET: "made up" })).toMatchObject({
      ok: true,
    });
  });

  test("leaves a replica the time to drain, and node the signal that asks for it", () => {
    const { DRAIN_MS } = Object.fromEntries(environment) as Record<string, string>;
    const graceSeconds = Number.parseInt(under(chat, "stop_grace_period"), 10);
    expect(graceSeconds * 1000).toBeGreaterThan(Number(DRAIN_MS) + closeMs());
    expect(under(chat, "command")).toContain("exec node server.js");
  });

  for (const [name, answer, code] of answers)
    test(`a replica's health check ends with ${code} when it is ${name}`, async () => {
      const script = under(chat, "healthcheck").match(/- '(fetch.*)'/)?.[1] ?? "";
      expect(await runCheck(script, {}, answer)).toEqual({
        code,
        asked: ["http://127.0.0.1:3000/api/ready"],
      });
    });

  test("keeps Redis to itself, whole and on disk", () => {
    const redis = under(services, "redis");
    expectPatchedRedis(redis);
    expect(redis.replace(/\s+- /g, " ").replaceAll('"', "")).toMatch(
      /--appendonly yes --appendfsync everysec .*--maxmemory-policy noeviction/s,
    );
    expect(redis).not.toContain("ports:");
    expect(compose).toMatch(/^ {2}store:\n {4}internal: true/m);
  });

  test("writes to what is mounted only, without privileges", () => {
    const hardened = under(compose, "x-hardened");
    for (const trait of ["read_only: true", "cap_drop: [ALL]", "no-new-privileges:true"])
      expect(hardened).toContain(trait);
    for (const name of ["session-secret", "redis", "nginx"])
      expect(under(services, name)).toContain("<<: *hardened");
    expect(chat).toContain("<<: *hardened");
    const written = `${plain("Dockerfile").match(/^WORKDIR (\S+)/m)?.[1]}/.next/cache`;
    expect(under(chat, "tmpfs")).toContain(written);
    expect(plain("k8s/chat.yaml"), "it is read-only there as well").toContain(`mountPath: ${written}`);
  });

  test("its front spreads connections without affinity and passes on what the server needs", () => {
    const front = plain("deploy/nginx.conf");
    expect(services).toContain("./deploy/nginx.conf:/etc/nginx/nginx.conf:ro");
    expect([...front.matchAll(/^\s*server ([\w-]+):3000/gm)].map(([, name]) => name)).toEqual(replicas);
    expect(front).not.toMatch(/ip_hash|sticky|\bhash /);
    for (const header of [
      "Host $http_host",
      "X-Forwarded-For $proxy_add_x_forwarded_for",
      "Upgrade $http_upgrade",
    ])
      expect(front).toContain(`proxy_set_header ${header};`);
    expect(front).toMatch(/proxy_next_upstream .*http_503/);
    const gateway = "server/gateway/gateway.ts";
    const quietMs = constantIn(gateway, "pingIntervalMs") + constantIn(gateway, "pingTimeoutMs");
    for (const [, seconds] of front.matchAll(/proxy_(?:read|send)_timeout (\d+)s/g))
      expect(Number(seconds) * 1000).toBeGreaterThan(2 * quietMs);
  });

  test("its front closes /api/metrics, however it is written, and nothing else", () => {
    const pattern = plain("deploy/nginx.conf").match(/location ~\* "(.*metrics.*)" \{\s+return 404;/)?.[1];
    const closed = new RegExp(pattern ?? "(?!)", "i");
    for (const path of ["/api/metrics", "/api/metrics/", "/ko/api/metrics", "/API/Metrics"])
      expect(path).toMatch(closed);
    for (const path of ["/", "/posts/api/metrics", "/api/metricsx", "/api/socket"])
      expect(path).not.toMatch(closed);
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
