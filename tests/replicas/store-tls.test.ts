import { writeFileSync } from "node:fs";
import path from "node:path";
import { type Certificates, makeCertificates } from "../support/certificates";
import { test as base, expect } from "../support/fixtures";
import { RedisServer } from "../support/redis-server";
import { bootTimeoutMs } from "../support/replica";
import { makeFolder } from "../support/temporary-folder";

const test = base.extend<{ certificates: Certificates; tlsRedis: RedisServer }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern what a fixture needs
  certificates: async ({}, use) => use(await makeCertificates()),
  tlsRedis: async ({ certificates }, use) => {
    const redis = await RedisServer.start({ tls: certificates });
    await use(redis);
    await redis.stop();
  },
});

const filesOf = ({ ca, clientCert, clientKey }: Certificates) => ({
  REDIS_CA_FILE: ca,
  REDIS_CERT_FILE: clientCert,
  REDIS_KEY_FILE: clientKey,
});

test("[F-1] two replicas relay over a Redis that accepts only TLS with a client's certificate", async ({
  certificates,
  tlsRedis,
  startReplicas,
  connect,
}) => {
  expect(tlsRedis.url).toMatch(/^rediss:/);
  const settings = { REDIS_URL: tlsRedis.url, ...filesOf(certificates) };
  const [one, two] = await startReplicas(2, settings);
  const ann = await connect({ url: one?.url ?? "" });
  const ben = await connect({ url: two?.url ?? "" });
  await ann.join("lobby");
  await ben.join("lobby");
  await ann.say("lobby", "over TLS");
  await ben.waitFor("the message", () => ben.log("lobby").texts.includes("over TLS"));
});

test("a replica refuses a store whose certificate another authority has signed, and logs why", async ({
  certificates,
  tlsRedis,
  launchReplica,
}) => {
  const { foreign } = certificates;
  const settings = { REDIS_URL: tlsRedis.url, ...filesOf(certificates), REDIS_CA_FILE: foreign };
  const replica = await launchReplica(settings);
  await replica.answers("/api/socket", 503, bootTimeoutMs);
  await expect.poll(() => replica.output()).toContain("certificate in certificate chain");
});

test("the process ends if it cannot use a TLS file, with one sentence that names the setting", async ({
  certificates,
  tlsRedis,
  launchReplica,
}) => {
  const torn = path.join(await makeFolder("torn"), "torn.pem");
  writeFileSync(torn, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
  const cases: [setting: string, file: string, reason: string][] = [
    ["REDIS_CA_FILE", "/nowhere.pem", "cannot be read (ENOENT)"],
    ["REDIS_CA_FILE", certificates.clientKey, "is no PEM file with a certificate"],
    ["REDIS_CA_FILE", torn, "cannot be used"],
    ["REDIS_KEY_FILE", certificates.clientCert, "is no PEM file with a private key"],
    ["REDIS_KEY_FILE", certificates.serverKey, "cannot be used (key values mismatch"],
  ];
  await Promise.all(
    cases.map(async ([setting, file, reason]) => {
      const settings = { REDIS_URL: tlsRedis.url, ...filesOf(certificates), [setting]: file };
      const replica = await launchReplica(settings);
      expect((await replica.exit).code).toBe(1);
      expect(replica.output()).toContain(setting);
      expect(replica.output()).toContain(file);
      expect(replica.output()).toContain(reason);
    }),
  );
});
