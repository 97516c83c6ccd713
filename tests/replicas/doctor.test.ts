import { examine } from "../../scripts/doctor/examination";
import { type Finding, toLines } from "../../scripts/doctor/finding";
import { startChild } from "../support/child";
import { test as base, expect } from "../support/fixtures";
import { freePort } from "../support/ports";
import { RedisServer } from "../support/redis-server";
import { bootTimeoutMs, type Replica } from "../support/replica";
import { until } from "../support/until";
import { WrongProxy, type Wrongs } from "../support/wrong-proxy";

const test = base.extend<{
  startProxy: (replica: Replica, wrongs?: Wrongs) => Promise<string>;
  /** A Redis that persists everything, with a memory limit. */
  soundRedis: RedisServer;
}>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern what a fixture needs
  soundRedis: async ({}, use) => {
    const redis = await RedisServer.start({ appendonly: true, maxmemory: "100mb" });
    await use(redis);
    await redis.stop();
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern what a fixture needs
  startProxy: async ({}, use) => {
    const proxies: WrongProxy[] = [];
    await use(async (replica, wrongs = {}) => {
      // A load balancer, too, waits for this before it sends visitors there.
      await replica.answers("/api/ready", 200, bootTimeoutMs);
      const proxy = await WrongProxy.start(replica.port, wrongs);
      proxies.push(proxy);
      return proxy.url;
    });
    for (const proxy of proxies) proxy.close();
  },
});

const behindOne = { TRUST_PROXY_HOPS: "1", ALLOW_NO_ORIGIN: undefined };
const proxyKinds = ["nginx:", "Traefik:", "Caddy:", "load balancer:"];

async function findingsOf(
  site: string,
  others: { other?: URL; isRelayTried?: boolean; idleSeconds?: number } = {},
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const examination = { site: new URL(site), idleSeconds: 1, isRelayTried: false, ...others };
  for await (const finding of examine(examination)) findings.push(finding);
  return findings;
}

const wrongOf = (findings: readonly Finding[]) =>
  findings.filter(({ is }) => is === "wrong").filter(({ text }) => !/^the store /.test(text));

test("the doctor finds no fault in a correct installation, whose two replicas relay in milliseconds", async ({
  startReplicas,
  startProxy,
}) => {
  const [one, two] = (await startReplicas(2, behindOne)) as [Replica, Replica];
  const [site, other] = [await startProxy(one), await startProxy(two)];
  const findings = await findingsOf(site, { other: new URL(other), isRelayTried: true });
  expect(wrongOf(findings)).toEqual([]);
  const text = findings.map((finding) => finding.text).join("\n");
  expect(text).toMatch(/seen over the other within \d+ ms/);
  expect(text).toContain("the chat is kept in Redis: one server");
  expect(text).toContain("1 proxy adds to X-Forwarded-For, and 1 of them is believed");
  expect(text).toContain("a connection lives for 1 s and longer");
});

const cases: [what: string, wrongs: Wrongs, text: RegExp, mend: string][] = [
  [
    "loses upgrades",
    { isUpgradeLost: true },
    /the upgrade is not passed on: it is answered with 404/,
    "proxy_set_header Upgrade",
  ],
  [
    "changes the Host",
    { host: "madang:3000" },
    /pages of the site itself may not connect \(403\)/,
    "proxy_set_header Host $http_host",
  ],
  [
    "tells another scheme",
    { scheme: "https" },
    /says that readers use https, and they use http/,
    "X-Forwarded-Proto",
  ],
  [
    "adds no address",
    { addresses: 0 },
    /0 proxies add to X-Forwarded-For, and 1 of them is believed: a visitor can make up/,
    "$proxy_add_x_forwarded_for",
  ],
  [
    "cuts connections",
    { cutMs: 500 },
    /a connection is cut after \d\.\d s: a proxy's time-out/,
    "proxy_read_timeout",
  ],
  [
    "takes the policy away",
    { policy: "" },
    /without their Content-Security-Policy/,
    "proxy_hide_header Content-Security-Policy",
  ],
  [
    "has a policy of its own",
    { policy: "default-src *" },
    /is not Madang's/,
    "add_header Content-Security-Policy",
  ],
];

test("the doctor finds each fault of a proxy, and prints the line that mends it for each kind of proxy", async ({
  startReplica,
  startProxy,
}) => {
  const replica = await startReplica(behindOne);
  await Promise.all(
    cases.map(async ([what, wrongs, text, mend]) => {
      // The examination ends with the cut; a time-out that is due with it could win.
      const patience = wrongs.cutMs === undefined ? {} : { idleSeconds: 20 };
      const found = wrongOf(await findingsOf(await startProxy(replica, wrongs), patience));
      const finding = found.find((each) => text.test(each.text));
      expect(finding, `a proxy that ${what}: ${JSON.stringify(found)}`).toBeDefined();
      const lines = finding === undefined ? "" : toLines(finding).join("\n");
      expect(lines).toContain(mend);
      for (const kind of proxyKinds) expect(lines).toContain(kind);
    }),
  );
  const two = wrongOf(await findingsOf(await startProxy(replica, { addresses: 2 })));
  expect(two).toMatchObject([{ text: expect.stringMatching(/all visitors share one address/) }]);
  expect(toLines(two[0] as Finding).join("\n")).toContain("TRUST_PROXY_HOPS=2");
});

test("the doctor does not call replicas wrong that it asks past their proxies, nor checks passed that it cannot make", async ({
  startReplicas,
  launchReplica,
  startProxy,
}) => {
  const [one, two] = (await startReplicas(2, behindOne)) as [Replica, Replica];
  await one.answers("/api/ready", 200);
  await two.answers("/api/ready", 200);
  const direct = await findingsOf(one.url, { other: new URL(two.url), isRelayTried: true });
  expect(wrongOf(direct)).toEqual([]);
  expect(direct.map(({ text }) => text).join()).toContain("was asked past its proxies");
  const unlucky = await launchReplica({ ...behindOne, REDIS_URL: "redis://127.0.0.1:1" });
  const storeless = await findingsOf(await startProxy(unlucky), { isRelayTried: true });
  expect(storeless).toContainEqual(
    expect.objectContaining({
      is: "unknown",
      text: expect.stringContaining("between replicas could not be tried"),
    }),
  );
  const lost = await findingsOf(await startProxy(one, { isUpgradeLost: true }));
  expect(lost).toContainEqual(
    expect.objectContaining({
      is: "unknown",
      text: expect.stringContaining("could not be tried: it is answered with 404"),
    }),
  );
});

test("a replica's public self-description has no address, version or secret", async ({ startReplica }) => {
  const replica = await startReplica(behindOne);
  const headers = { "x-forwarded-for": "203.0.113.9, 198.51.100.7" };
  const told = await until("what it says of its store", async () => {
    const answer = await (await replica.get("/api/replica", { headers })).json();
    return answer.store.toChange !== undefined && answer;
  });
  expect(told).toEqual({
    replica: expect.stringMatching(/^[\w-]{8}$/),
    store: {
      kind: "redis",
      mode: "single",
      warnings: told.store.toChange.length,
      toChange: expect.arrayContaining(["limit"]),
    },
    proxies: { seen: 2, trusted: 1 },
  });
});

test("the doctor finds a proxy that sets its own Origin, and replicas that do not share a store", async ({
  startReplica,
  startProxy,
}) => {
  const one = await startReplica({ ...behindOne, ALLOWED_ORIGINS: "https://blog.example" });
  const alone = { REDIS_URL: undefined, REDIS_PREFIX: undefined };
  const other = await startReplica({ ...behindOne, ...alone });
  const made = wrongOf(await findingsOf(await startProxy(one, { origin: "https://blog.example" })));
  expect(made.map(({ text }) => text).join()).toContain("pages of other sites may connect");
  const [site, elsewhere] = [await startProxy(one), await startProxy(other)];
  const apart = await findingsOf(site, { other: new URL(elsewhere), isRelayTried: true });
  expect(apart.map(({ text }) => text).join()).toContain("they do not share a store");
  const lone = await findingsOf(elsewhere);
  expect(wrongOf(lone).map(({ text }) => text)).toEqual(["the chat keeps nothing: all is gone when it ends"]);
});

test("the program ends with 0 when all is well, and with 1 when a check fails or the site does not answer", async ({
  startReplica,
  startProxy,
  soundRedis,
}) => {
  const replica = await startReplica({ ...behindOne, REDIS_URL: soundRedis.url });
  const run = async (...args: string[]) => {
    const child = startChild(process.execPath, ["--import", "tsx", "scripts/doctor/doctor.ts", ...args], {
      env: { ...process.env, NODE_OPTIONS: "" },
    });
    const { code } = await child.exit;
    return { code, output: child.output() };
  };
  const [site, wrongSite] = [await startProxy(replica), await startProxy(replica, { host: "x" })];
  const nowhere = `http://127.0.0.1:${await freePort()}`;
  const [well, ill, gone, none] = await Promise.all([
    run(site, "--idle", "1"),
    run(wrongSite, "--idle", "1"),
    run(nowhere),
    run("madang"),
  ]);
  expect(well, well.output).toMatchObject({ code: 0, output: expect.stringContaining("All is well.") });
  expect(well.output).toContain("ok      a WebSocket is opened");
  expect(ill).toMatchObject({
    code: 1,
    output: expect.stringContaining("proxy_set_header Host $http_host;"),
  });
  expect(gone).toMatchObject({ code: 1, output: expect.stringContaining("cannot be reached") });
  expect(none).toMatchObject({ code: 1, output: expect.stringContaining("npm run doctor -- URL") });
});
