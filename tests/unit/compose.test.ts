import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { readConfig } from "../../server/config";
import { settingNames } from "../../server/settings";
import { answers, runCheck } from "../support/health-check";
import {
  bytesOf,
  closeMs,
  constantIn,
  expectPatchedRedis,
  pinnedImage,
  plain,
  settings,
  under,
} from "../support/packaging";
import { expect, test } from "../support/plain-test";
import { makeFolder, removeFolder } from "../support/temporary-folder";

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
    const names = environment.map(([name = ""]) => name).filter((name) => name !== "NODE_OPTIONS");
    const atStart = settings.filter((name) => name !== "SITE_DIR");
    expect(names.sort(), "every setting: otherwise .env would not reach the server").toEqual(atStart);
    expect(under(services, "chat-1", "build")).toContain(`site: "\${SITE_DIR:-./site}"`);
    const values = Object.fromEntries(environment) as Record<string, string>;
    expect(values).toMatchObject({
      REPLICAS: String(replicas.length),
      TRUST_PROXY_HOPS: "1",
      SESSION_SECRET: "",
    });
    expect(
      readConfig({ ...values, NODE_ENV: "production", SESSION_SECRET: "made up".repeat(5) }),
    ).toMatchObject({
      ok: true,
    });
  });

  test("runs one process alone with a volume, and with the same bounds", () => {
    const single = plain("compose.single.yaml");
    const alone = under(single, "services", "chat");
    const values = Object.fromEntries(
      [...under(alone, "environment").matchAll(/^ {6}([A-Z_]+): (.*)$/gm)].map(
        ([, name = "", value = ""]) => [name, value.replaceAll('"', "")],
      ),
    );
    const ofRedis = settingNames.filter((name) => name.startsWith("REDIS_") && name !== "REDIS_PREFIX");
    expect(values, "no Redis setting in .env reaches it").toMatchObject(
      Object.fromEntries(ofRedis.map((name) => [name, ""])),
    );
    expect(under(alone, "build")).toContain(`site: "\${SITE_DIR:-./site}"`);
    const read = readConfig({ ...values, NODE_ENV: "production" });
    expect(read).toMatchObject({ ok: true, config: { dataDir: "/data", redis: undefined, warnings: [] } });
    expect(under(alone, "volumes")).toContain("data:/data");
    expect(single).toMatch(/^volumes:\n {2}data:/m);
    expect(values).toMatchObject({ HOSTNAME: "0.0.0.0", REPLICAS: "1" });
    expect(under(alone, "ports")).toContain(`:${values.PORT}"`);
    expect(under(alone, "env_file")).toContain("path: .env");
    expect(under(alone, "restart")).toBe("unless-stopped");
    expect(under(alone, "logging"), "a log that does not fill the disk").toContain("max-size: 10m");
    expect(under(alone, "tmpfs")).toContain("/app/.next/cache:uid=1000");
    expect(plain("Dockerfile")).toContain('VOLUME ["/data"]');
    for (const trait of ["read_only: true", "cap_drop: [ALL]", "no-new-privileges:true"])
      expect(alone).toContain(trait);
    const graceSeconds = Number.parseInt(under(alone, "stop_grace_period"), 10);
    expect(graceSeconds * 1000).toBeGreaterThan(Number(values.DRAIN_MS) + closeMs());
    const heap = Number(/--max-old-space-size=(\d+)/.exec(values.NODE_OPTIONS ?? "")?.[1]);
    if (!read.ok) throw new Error(read.message);
    expect(heap * 1024 * 1024).toBeGreaterThanOrEqual(2 * read.config.storeBytes);
    expect(bytesOf(under(alone, "mem_limit").trim()) - bytesOf(`${heap}m`)).toBeGreaterThanOrEqual(
      bytesOf("160m"),
    );
  });

  test("the documented export contains the secret of its volume, or the one in the settings", async () => {
    const documented = /^ +docker compose exec -T (\S+) sh -c '(.*--with-secrets)' > \S+$/m.exec(
      plain("docs/operations.md"),
    );
    const [, service = "", script = ""] = documented ?? [];
    expect(replicas).toContain(service);
    const folder = await makeFolder("compose");
    const kept = path.join(folder, "session-secret");
    expect(under(chat, "command"), "where the server reads it").toContain(
      "$$(cat /run/madang/session-secret)",
    );
    await writeFile(kept, "kept");
    await writeFile(path.join(folder, "node"), '#!/bin/sh\necho "$SESSION_SECRET" "$@"\n', { mode: 0o700 });
    const run = async (SESSION_SECRET: string) => {
      const env = {
        ...Object.fromEntries(environment),
        SESSION_SECRET,
        PATH: `${folder}:${process.env.PATH}`,
      };
      const line = script.replaceAll("/run/madang/session-secret", kept);
      return (await promisify(execFile)("sh", ["-c", line], { env })).stdout.trim();
    };
    expect(await run("")).toBe("kept store.mjs export - --with-secrets");
    expect(await run("set,older")).toBe("set,older store.mjs export - --with-secrets");
    await removeFolder(folder);
  });

  test("leaves a replica time to drain, and passes node the signal for it", () => {
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

  test("names every image that it does not build by its patch release", () => {
    const images = [...compose.matchAll(/^ +image: (\S+)/gm)].map(([, image = ""]) => image);
    const built = under(chat, "image").trim();
    expect(images).toContain(built);
    for (const image of images.filter((image) => image !== built)) expect(image).toMatch(pinnedImage);
  });

  test("bounds the memory of each service, and each service limits itself below that", () => {
    const limitOf = (text: string) => bytesOf(under(text, "mem_limit").trim());
    const names = [...services.matchAll(/^ {2}([\w-]+):$/gm)].map(([, name = ""]) => name);
    const others = names.filter((name) => !replicas.includes(name));
    expect(others.sort()).toEqual(["nginx", "redis", "session-secret"]);
    for (const name of others) expect(limitOf(under(services, name)), name).toBeGreaterThan(0);

    const heap = under(chat, "environment").match(/NODE_OPTIONS: --max-old-space-size=(\d+)/)?.[1];
    const outsideHeap = limitOf(chat) - bytesOf(`${heap}m`);
    expect(outsideHeap, "code, buffers and passwords being hashed").toBeGreaterThanOrEqual(bytesOf("160m"));

    const redis = under(services, "redis");
    const stored = redis.match(/--maxmemory\n\s+- (\w+)/)?.[1] ?? "";
    expect(limitOf(redis), "a rewrite of its file copies what changes").toBeGreaterThanOrEqual(
      2 * bytesOf(stored),
    );

    const numberIn = (name: string) =>
      Number(plain("deploy/nginx.conf").match(new RegExp(`${name} (\\d+);`))?.[1]);
    const visitors = (numberIn("worker_processes") * numberIn("worker_connections")) / 2;
    const bytesForEach = 24 * 1024;
    expect(limitOf(under(services, "nginx")), "when full, it refuses instead").toBeGreaterThan(
      visitors * bytesForEach,
    );
  });

  test("keeps Redis private, complete and on disk", () => {
    const redis = under(services, "redis");
    expectPatchedRedis(redis);
    expect(redis.replace(/\s+- /g, " ").replaceAll('"', "")).toMatch(
      /--appendonly yes --appendfsync everysec .*--maxmemory-policy noeviction/s,
    );
    expect(redis).not.toContain("ports:");
    expect(compose).toMatch(/^ {2}store:\n {4}internal: true/m);
  });

  test("writes to mounted folders only, without privileges", () => {
    const hardened = under(compose, "x-hardened");
    for (const trait of ["read_only: true", "cap_drop: [ALL]", "no-new-privileges:true"])
      expect(hardened).toContain(trait);
    for (const name of ["session-secret", "redis", "nginx"])
      expect(under(services, name)).toContain("<<: *hardened");
    expect(chat).toContain("<<: *hardened");
    const written = `${plain("Dockerfile").match(/^WORKDIR (\S+)/m)?.[1]}/.next/cache`;
    expect(under(chat, "tmpfs")).toContain(written);
    expect(plain("k8s/base/deployment.yaml"), "it is read-only there as well").toContain(
      `mountPath: ${written}`,
    );
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

  test("its front bounds an address, and a school of 300 behind one of them is below every bound", () => {
    const front = plain("deploy/nginx.conf");
    const [visitors, files, tabs, browserSockets] = [300, 30, 3, 6];
    const bound = (pattern: RegExp) => Number(front.match(pattern)?.[1]);
    expect(bound(/limit_req zone=requests burst=(\d+) nodelay;/)).toBeGreaterThan(visitors * (files + 1));
    expect(bound(/limit_conn pages (\d+);/)).toBeGreaterThan(visitors * browserSockets);
    expect(bound(/limit_req zone=handshakes burst=(\d+) nodelay;/)).toBeGreaterThan(visitors * tabs);
    expect(bound(/limit_conn sockets (\d+);/)).toBeGreaterThan(visitors * tabs);
    const all = bound(/worker_processes (\d+);/) * bound(/worker_connections (\d+);/);
    expect(bound(/limit_conn sockets (\d+);/), "one address leaves room for others").toBeLessThan(all / 4);
    expect(front).toMatch(/limit_req_status 429;\s+limit_conn_status 429;/);
    expect(front, "no address of a visitor in the log").toMatch(
      /limit_req_log_level info;\s+limit_conn_log_level info;/,
    );
    expect(front.match(/proxy_pass /g)).toHaveLength(2);
  });

  test("its front reports the requested scheme, even behind a proxy that ended TLS", () => {
    const front = plain("deploy/nginx.conf");
    expect(front).toContain("proxy_set_header X-Forwarded-Proto $schemes;");
    expect(front).toContain('default "$http_x_forwarded_proto, $scheme";');
  });

  test("its front keeps no access log", () => {
    const logs = plain("deploy/nginx.conf").matchAll(/^\s*access_log (.*);/gm);
    expect([...logs].map(([, where]) => where)).toEqual(["off"]);
  });

  test("its front closes /api/metrics, however it is spelled, and nothing else", () => {
    const pattern = plain("deploy/nginx.conf").match(/location ~\* "(.*metrics.*)" \{\s+return 404;/)?.[1];
    const closed = new RegExp(pattern ?? "(?!)", "i");
    for (const path of ["/api/metrics", "/api/metrics/", "/ko/api/metrics", "/API/Metrics"])
      expect(path).toMatch(closed);
    for (const path of ["/", "/posts/api/metrics", "/api/metricsx", "/api/socket"])
      expect(path).not.toMatch(closed);
  });
});
