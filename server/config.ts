import { createHash, randomBytes } from "node:crypto";
import type { logLevels } from "./lib/logger";
import type { GuardLevel } from "./moderation/guard-level";
import { addressOf, type StoreAddress } from "./redis/address";
import type { TlsFiles } from "./redis/tls-files";
import type { creationPolicies } from "./rooms/creation-policy";
import {
  type EnvironmentVariables,
  isTooShort,
  keepsNothing,
  readSettings,
  type Settings,
  tooShort,
} from "./settings";

/** What the settings mean to the server. */
export type Config = Readonly<{
  isProduction: boolean;
  port: number;
  hostname: string;
  redis: Readonly<StoreAddress & { prefix: string; tls: TlsFiles }> | undefined;
  /** Where a process without Redis keeps everything; undefined: it keeps nothing. */
  dataDir: string | undefined;
  /** Whether each write to it waits for the disk, rather than for the operating system. */
  isDataSyncedAlways: boolean;
  /** Keys for signing tokens; the first signs, all verify. */
  sessionKeys: readonly Uint8Array[];
  /** False when the settings name no secret: the key is random, unless the data folder has one. */
  isSecretGiven: boolean;
  allowedOrigins: readonly string[];
  isOriginRequired: boolean;
  /** The site's public origin; undefined: take it from each request. */
  siteOrigin: string | undefined;
  trustedProxyHops: number;
  history: Readonly<{ limit: number; bytes: number; days: number }>;
  /** How many bytes the embedded store may keep. */
  storeBytes: number;
  rooms: (typeof creationPolicies)[number];
  /** A visitor who knows one of these can become the owner (O-1). */
  ownerKeys: readonly string[];
  /** O-14: where the owner is told; undefined: nowhere. */
  webhook: Readonly<{ url: string; secret: string }> | undefined;
  guard: GuardLevel;
  /** Undefined when RATE_LIMITS=off. */
  rateLimits:
    | Readonly<{ messagesPerSecond: number; messageBurst: number; connectionsPerAddress: number }>
    | undefined;
  drainMs: number;
  logLevel: (typeof logLevels)[number];
  /** Whether the log line of a refusal includes the address. */
  areAddressesLogged: boolean;
  /** The token for reading the metrics from another machine; undefined: only this machine may read them. */
  metricsToken: string | undefined;
  /** What works but an operator should know, one sentence each. */
  warnings: readonly string[];
}>;

export type ConfigResult = { ok: true; config: Config } | { ok: false; message: string };

/** Hashes the secret into a key of full length, so that no passphrase is too short or too long for HS256. */
export const toKey = (secret: string): Uint8Array =>
  createHash("sha256").update(`madang session ${secret}`).digest();

/** With Redis no folder is used. */
const dataDirOf = (values: Settings): string | undefined =>
  addressOf(values) !== undefined || values.DATA_DIR === keepsNothing ? undefined : values.DATA_DIR;

const tlsOf = (values: Settings): TlsFiles => ({
  ca: values.REDIS_CA_FILE,
  cert: values.REDIS_CERT_FILE,
  key: values.REDIS_KEY_FILE,
});

const webhookOf = ({ OWNER_WEBHOOK: url, OWNER_WEBHOOK_SECRET: secret }: Settings) =>
  url === undefined || secret === undefined ? undefined : { url, secret };

function warningsOf(values: Settings): string[] {
  const warnings: string[] = [];
  if (values.SESSION_SECRET.some(isTooShort)) warnings.push(tooShort);
  if (values.SESSION_SECRET.length === 0 && dataDirOf(values) === undefined)
    warnings.push(
      "SESSION_SECRET is not set: a random one is used, and all visitors become new when this process restarts",
    );
  if (values.RATE_LIMITS === "off") warnings.push("RATE_LIMITS is off: for load tests only");
  return warnings;
}

/** Reads the environment. Pure: returns either a frozen config or one message that lists every fault. */
export function readConfig(environment: EnvironmentVariables): ConfigResult {
  const read = readSettings(environment);
  if (read.ok) return { ok: true, config: toConfig(read.settings) };
  const list = read.faults.map((fault) => `  - ${fault}`).join("\n");
  return { ok: false, message: `The settings are not valid:\n${list}` };
}

function toConfig(values: Settings): Config {
  const isProduction = values.NODE_ENV === "production";
  const secrets =
    values.SESSION_SECRET.length > 0 ? values.SESSION_SECRET : [randomBytes(32).toString("hex")];
  const address = addressOf(values);
  return Object.freeze({
    isProduction,
    port: values.PORT,
    hostname: values.HOSTNAME,
    redis: address && { ...address, prefix: values.REDIS_PREFIX, tls: tlsOf(values) },
    dataDir: dataDirOf(values),
    isDataSyncedAlways: values.DATA_SYNC === "always",
    sessionKeys: secrets.map(toKey),
    isSecretGiven: values.SESSION_SECRET.length > 0,
    allowedOrigins: values.ALLOWED_ORIGINS,
    isOriginRequired:
      values.ALLOW_NO_ORIGIN === undefined ? isProduction : values.ALLOW_NO_ORIGIN === "false",
    siteOrigin: values.SITE_URL,
    trustedProxyHops: values.TRUST_PROXY_HOPS,
    storeBytes: values.STORE_BYTES,
    history: { limit: values.HISTORY_LIMIT, bytes: values.HISTORY_BYTES, days: values.HISTORY_DAYS },
    rooms: values.ROOMS,
    ownerKeys: values.OWNER_KEY,
    webhook: webhookOf(values),
    guard: values.GUARD,
    rateLimits:
      values.RATE_LIMITS === "off"
        ? undefined
        : {
            messagesPerSecond: values.MESSAGES_PER_SECOND,
            messageBurst: values.MESSAGE_BURST,
            connectionsPerAddress: values.CONNECTIONS_PER_ADDRESS,
          },
    drainMs: values.DRAIN_MS,
    logLevel: values.LOG_LEVEL,
    areAddressesLogged: values.LOG_ADDRESSES === "true",
    metricsToken: values.METRICS_TOKEN,
    warnings: warningsOf(values),
  });
}

/** The environment of this process. Only before-next.mjs reads it too, before Next starts. */
export const readProcessConfig = (): ConfigResult => readConfig(process.env);

/**
 * What a program needs that opens the store and serves no visitor: it signs no tokens, so no secret is required.
 * `secret`: as the setting has it.
 */
export function readStoreConfig(): { result: ConfigResult; secret: string | undefined } {
  const { NODE_ENV: _mode, REPLICAS: _replicas, ...environment } = process.env;
  return { result: readConfig(environment), secret: environment.SESSION_SECRET || undefined };
}
