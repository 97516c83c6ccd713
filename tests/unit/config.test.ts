import { type ConfigResult, readConfig } from "../../server/config";
import { expect, test } from "../support/plain-test";

const production = { NODE_ENV: "production" };

function accepted(result: ConfigResult) {
  if (!result.ok) throw new Error(result.message);
  return result.config;
}

function refused(result: ConfigResult): string {
  if (result.ok) throw new Error("these settings should have been refused");
  return result.message;
}

test("an empty environment makes a whole config, on the embedded broker", () => {
  const config = accepted(readConfig({}));
  expect(config).toMatchObject({ redis: undefined, port: 3000, drainMs: 15_000, isOriginRequired: false });
  expect(config.history).toEqual({ limit: 10_000, bytes: 4_194_304, days: 30 });
  expect(Object.isFrozen(config)).toBe(true);
});

test("one message lists every fault, and repeats no value", () => {
  const message = refused(
    readConfig({ PORT: "many", REDIS_URL: "http://user:secret@x", HISTORY_LIMIT: "0", RATE_LIMITS: "maybe" }),
  );
  for (const name of ["PORT", "REDIS_URL", "HISTORY_LIMIT", "RATE_LIMITS"]) expect(message).toContain(name);
  expect(message).not.toContain("secret");
  const together = refused(readConfig({ PORT: "x", REPLICAS: "2" }));
  expect(together).toContain("PORT");
  expect(together).toContain("REPLICAS");
});

test("the embedded broker is refused when more than one replica is declared", () => {
  expect(refused(readConfig({ REPLICAS: "2" }))).toContain("REDIS_URL");
  accepted(readConfig({ REPLICAS: "2", REDIS_URL: "redis://localhost" }));
});

test("with Sentinels replicas share a store, and REDIS_URL has a login but no server", () => {
  const named = { REDIS_SENTINELS: "a:26379, [::1]:26380", REDIS_SENTINEL_NAME: "my-primary" };
  const servers = [
    { host: "a", port: 26379 },
    { host: "::1", port: 26380 },
  ];
  const sentinels = { servers, name: "my-primary", password: undefined };
  const at = (more: object) => accepted(readConfig({ ...named, ...more }));
  expect(at({ REPLICAS: "2" })).toMatchObject({
    redis: { url: "redis://store", sentinels },
    dataDir: undefined,
  });
  for (const [url, read] of [
    ["rediss://", "rediss://store"],
    ["redis://:p%40ss@/3", "redis://:p%40ss@store/3"],
    ["rediss://app:secret@", "rediss://app:secret@store"],
  ])
    expect(at({ REDIS_URL: url }).redis?.url).toBe(read);
  expect(at({ REDIS_SENTINEL_PASSWORD: "x" }).redis?.sentinels?.password).toBe("x");
  expect(refused(readConfig({ ...production, ...named }))).toContain("SESSION_SECRET");
});

test("with the servers of a cluster replicas share a store, and REDIS_URL has a login but no server and no database", () => {
  const named = { REDIS_CLUSTER: "a:7000,b:7001" };
  const cluster = [
    { host: "a", port: 7000 },
    { host: "b", port: 7001 },
  ];
  const at = (more: object) => accepted(readConfig({ ...named, ...more }));
  expect(at({ REPLICAS: "2" })).toMatchObject({
    redis: { url: "redis://store", cluster },
    dataDir: undefined,
  });
  expect(at({ REDIS_URL: "rediss://app:secret@/0" }).redis?.url).toBe("rediss://app:secret@store/0");
  const wrong: [object, string][] = [
    [{ REDIS_CLUSTER: "a" }, "REDIS_CLUSTER: must be servers"],
    [{ REDIS_URL: "redis://a:7000" }, "REDIS_URL names a server, and so does REDIS_CLUSTER"],
    [{ REDIS_URL: "redis://:secret@/1" }, "REDIS_URL names a database"],
    [{ REDIS_SENTINELS: "a:1", REDIS_SENTINEL_NAME: "b" }, "only one of them"],
    [{ NODE_ENV: "production" }, "SESSION_SECRET"],
  ];
  for (const [settings, said] of wrong) {
    const message = refused(readConfig({ ...named, ...settings }));
    expect(message).toContain(said);
    expect(message).not.toContain("secret@");
  }
});

test("wrong or incomplete Sentinel settings are refused, and so is a URL that names another server", () => {
  const named = { REDIS_SENTINELS: "a:26379", REDIS_SENTINEL_NAME: "primary" };
  for (const wrong of ["a", "a:0", "a:65536", "redis://a:1", "a:1,b", "a:1 b:2", ",", "u:p@a:1", "a:1/0"])
    expect(refused(readConfig({ ...named, REDIS_SENTINELS: wrong })), wrong).toContain(
      "REDIS_SENTINELS: must be servers as host:port, separated by commas",
    );
  for (const half of ["REDIS_SENTINELS", "REDIS_SENTINEL_NAME"])
    expect(refused(readConfig({ ...named, [half]: "" })), half).toContain("belong together");
  expect(refused(readConfig({ ...named, REDIS_SENTINEL_NAME: "a b" }))).toContain("REDIS_SENTINEL_NAME");
  for (const url of ["redis://b", "redis://u:secret@b:6379/0"]) {
    const message = refused(readConfig({ ...named, REDIS_URL: url }));
    expect(message, url).toContain("REDIS_URL names a server");
    expect(message).not.toContain("secret");
  }
  expect(refused(readConfig({ REDIS_URL: "redis://u:secret@" }))).toContain("REDIS_URL names no server");
});

test("a stray per cent sign in the user or password of REDIS_URL is reported with all other errors", () => {
  for (const login of ["madang:50%off", "mad%ang:secret", "madang:%", "madang:%ff"])
    for (const url of [`redis://${login}@host:6379`, `rediss://${login}@`]) {
      const message = refused(readConfig({ REDIS_URL: url, REDIS_CLUSTER: "a:1", PORT: "none" }));
      expect(message, url).toContain(
        "REDIS_URL: has a % in its user or password that stands for nothing: write it %25",
      );
      expect(message).toContain("PORT: must be a whole number");
      expect(message).not.toContain(login);
    }
  const read = accepted(readConfig({ REDIS_URL: "redis://madang:50%25off@", REDIS_CLUSTER: "a:1" }));
  expect(read.redis?.url).toBe("redis://madang:50%25off@store");
});

test("a REDIS_URL whose password has a character with a meaning in URLs is refused, and the error says how to write it", () => {
  for (const password of ["12#34", "pa#ss", "pa/ss", "1/2", "pa?ss"])
    for (const url of [`redis://:${password}@host:6379`, `redis://u:${password}@host:6379/1`]) {
      const message = refused(readConfig({ REDIS_URL: url }));
      expect(message, url).toMatch(/REDIS_URL: .*%23|REDIS_URL: must end with the number of a database/);
      expect(message).not.toContain(password);
    }
  const url = "rediss://u:p%2F%3F%23%40%3A%25%20s@host:6379";
  expect(accepted(readConfig({ REDIS_URL: url })).redis?.url).toBe(url);
});

test("a REDIS_URL that ends with anything but the number of a database is refused", () => {
  for (const path of ["/abc", "/1a", "/-1", "/1.5", "/0/1", "/1/", "//1", "/%31", "/0?db=x", "?db=-1"]) {
    const message = refused(readConfig({ REDIS_URL: `redis://u:secret@h:6379${path}` }));
    expect(message, path).toContain("REDIS_URL: must end with the number of a database");
    expect(message).not.toContain("secret");
  }
  for (const path of ["", "/", "/0", "/15", "/99", "?db=3", "/?family=6"]) {
    const url = `redis://u:secret@h:6379${path}`;
    expect(accepted(readConfig({ REDIS_URL: url })).redis?.url, path).toBe(url);
  }
});

test("over Redis, production wants a secret that all replicas share", () => {
  const shared = { ...production, REDIS_URL: "redis://localhost" };
  for (const nothing of [{}, { SESSION_SECRET: "" }, { SESSION_SECRET: " , " }])
    expect(refused(readConfig({ ...shared, ...nothing }))).toContain("SESSION_SECRET");
  const [one, two] = ["1".repeat(32), "2".repeat(32)];
  expect(accepted(readConfig({ ...shared, SESSION_SECRET: `${one}, ${two}` })).sessionKeys).toHaveLength(2);
  for (const short of ["a", "1".repeat(31), `${one},short`])
    expect(refused(readConfig({ ...shared, SESSION_SECRET: short })), short).toContain("fewer than 32");
  for (const lenient of [{ ...shared, NODE_ENV: "test" }, production])
    expect(accepted(readConfig({ ...lenient, SESSION_SECRET: "short" })).warnings.join()).toContain(
      "SESSION_SECRET",
    );
});

test("files of TLS need a rediss:// URL, and a client's certificate needs its key", () => {
  const overTls = { REDIS_URL: "rediss://store.example:6380" };
  const files = { REDIS_CA_FILE: "ca.pem", REDIS_CERT_FILE: "cert.pem", REDIS_KEY_FILE: "key.pem" };
  expect(accepted(readConfig({ ...overTls, ...files })).redis?.tls).toEqual({
    ca: "ca.pem",
    cert: "cert.pem",
    key: "key.pem",
  });
  for (const name of ["REDIS_CERT_FILE", "REDIS_KEY_FILE"])
    expect(refused(readConfig({ ...overTls, ...files, [name]: "" }))).toContain("only together");
  for (const url of ["redis://store.example", ""])
    expect(refused(readConfig({ REDIS_URL: url, REDIS_CA_FILE: "ca.pem" }))).toContain(
      "REDIS_CA_FILE: only with a REDIS_URL that begins with rediss://",
    );
});

test("an empty setting counts as unset", () => {
  expect(accepted(readConfig({ REDIS_URL: "", PORT: "", SESSION_SECRET: "" }))).toMatchObject({
    redis: undefined,
    port: 3000,
  });
});

test("[W-3] a request without an origin is allowed only outside production, unless a setting says otherwise", () => {
  expect(accepted(readConfig(production)).isOriginRequired).toBe(true);
  expect(accepted(readConfig({})).isOriginRequired).toBe(false);
  expect(accepted(readConfig({ ...production, ALLOW_NO_ORIGIN: "true" })).isOriginRequired).toBe(false);
  expect(accepted(readConfig({ ALLOW_NO_ORIGIN: "false" })).isOriginRequired).toBe(true);
});

test("allowed origins must be origins", () => {
  expect(refused(readConfig({ ALLOWED_ORIGINS: "https://blog.example/path" }))).toContain("ALLOWED_ORIGINS");
  const config = accepted(readConfig({ ALLOWED_ORIGINS: "https://a.example, http://b.example:8080" }));
  expect(config.allowedOrigins).toEqual(["https://a.example", "http://b.example:8080"]);
});

test("[W-3] allowed origins are normalised to the form that browsers send", () => {
  const written =
    "https://Blog.Example:443/, http://b.example.:80, https://마당.example, http://[2001:DB8:0::1]:8080";
  expect(accepted(readConfig({ ALLOWED_ORIGINS: written })).allowedOrigins).toEqual([
    "https://blog.example",
    "http://b.example",
    "https://xn--ok1b32k.example",
    "http://[2001:db8::1]:8080",
  ]);
  for (const wrong of [
    "*",
    "null",
    "blog.example",
    "https://",
    "https://u@blog.example",
    "file://",
    "https://a.example?x",
  ])
    expect(refused(readConfig({ ALLOWED_ORIGINS: `https://ok.example,${wrong}` })), wrong).toContain(
      "ALLOWED_ORIGINS: must be origins such as https://blog.example",
    );
});

test("RATE_LIMITS=off lifts every rate, with a warning", () => {
  const config = accepted(readConfig({ RATE_LIMITS: "off" }));
  expect(config.rateLimits).toBeUndefined();
  expect(config.warnings.join()).toContain("RATE_LIMITS");
});

test("equal secrets make equal keys on every replica, and different secrets different ones", () => {
  const key = (secret: string) => accepted(readConfig({ SESSION_SECRET: secret })).sessionKeys[0];
  expect(key("a")).toEqual(key("a"));
  expect(key("a")).not.toEqual(key("b"));
});

test("a token for the metrics is long enough not to be guessed, and can stand in a header", () => {
  expect(accepted(readConfig({})).metricsToken).toBeUndefined();
  expect(accepted(readConfig({ METRICS_TOKEN: "0123456789abcdef" })).metricsToken).toBe("0123456789abcdef");
  for (const wrong of ["0123456789abcde", "0123456789 abcdef", "0123456789äabcdef"])
    expect(refused(readConfig({ METRICS_TOKEN: wrong })), wrong).toContain("METRICS_TOKEN");
});

test("addresses are logged only where the operator says so", () => {
  expect(accepted(readConfig({})).areAddressesLogged).toBe(false);
  expect(accepted(readConfig({ LOG_ADDRESSES: "true" })).areAddressesLogged).toBe(true);
});

test("[O-14] the webhook needs both an http or https address and a secret", () => {
  const secret = "a secret long enough for it";
  const both = { OWNER_WEBHOOK: "https://chat.example/hook?x=1", OWNER_WEBHOOK_SECRET: secret };
  expect(accepted(readConfig({})).webhook).toBeUndefined();
  expect(accepted(readConfig(both)).webhook).toEqual({ url: both.OWNER_WEBHOOK, secret });
  for (const wrong of [
    "chat.example",
    "ftp://chat.example",
    "https://me:pass@chat.example",
    "//chat.example",
  ])
    expect(refused(readConfig({ ...both, OWNER_WEBHOOK: wrong })), wrong).toContain("OWNER_WEBHOOK");
  const short = refused(readConfig({ ...both, OWNER_WEBHOOK_SECRET: "short" }));
  expect(short).toContain("OWNER_WEBHOOK_SECRET");
  expect(refused(readConfig({ OWNER_WEBHOOK: both.OWNER_WEBHOOK }))).toContain("go together");
  expect(refused(readConfig({ OWNER_WEBHOOK_SECRET: secret }))).toContain("go together");
});
