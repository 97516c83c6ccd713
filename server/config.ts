import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";
import { normalOrigin } from "../protocol/origin";
import { logLevels } from "./lib/logger";
import { type GuardLevel, guardLevels } from "./moderation/guard-level";
import {
  addressOf,
  faultsOfAddress,
  isRedisUrl,
  isShared,
  parseServer,
  type StoreAddress,
} from "./redis/address";
import { type TlsFiles, tlsSettings } from "./redis/tls-files";
import { creationPolicies } from "./rooms/creation-policy";

const whole = (least: number, most: number, fallback: number) =>
  z
    .string()
    .regex(/^\d+$/, "must be a whole number")
    .transform(Number)
    .pipe(z.number().min(least).max(most))
    .default(fallback);

const list = z
  .string()
  .default("")
  .transform((text) =>
    text
      .split(",")
      .map((item) => item.trim())
      .filter((item) => item !== ""),
  );

const servers = z
  .string()
  .transform((text, context) => {
    const parsed = list.parse(text).map(parseServer);
    const known = parsed.filter((server) => server !== undefined);
    if (known.length < Math.max(1, parsed.length))
      context.addIssue({ code: "custom", message: "must be servers as host:port, separated by commas" });
    return known;
  })
  .optional();

function isReceiver(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === "" && password === "";
}

/** O-1: a key of this length cannot be guessed. */
const leastKeyCharacters = 24;

/** Every setting that the server reads; docs/operations.md says the same in words, and a test compares the two. */
const settings = z.object({
  NODE_ENV: z.string().default("development"),
  PORT: whole(1, 65_535, 3000),
  HOSTNAME: z.string().default("0.0.0.0"),
  REDIS_URL: z.string().refine(isRedisUrl, "must be a redis:// or rediss:// URL").optional(),
  REDIS_CLUSTER: servers,
  REDIS_SENTINELS: servers,
  REDIS_SENTINEL_NAME: z
    .string()
    .regex(/^[\w.-]+$/, "must be of letters, digits, dots, dashes and underscores")
    .optional(),
  REDIS_SENTINEL_PASSWORD: z.string().optional(),
  REDIS_CA_FILE: z.string().optional(),
  REDIS_CERT_FILE: z.string().optional(),
  REDIS_KEY_FILE: z.string().optional(),
  REDIS_PREFIX: z
    .string()
    .regex(/^[^{}\s]{0,64}$/, "must be at most 64 characters without braces and white space")
    .default("madang:"),
  DATA_DIR: z.string().default("./data"),
  DATA_SYNC: z.enum(["everysec", "always"]).default("everysec"),
  /** The owner's folder, for `next dev` and the build: content/folder.ts reads it. */
  SITE_DIR: z.string().default("./site"),
  REPLICAS: whole(1, 1_000, 1),
  SESSION_SECRET: list,
  ALLOWED_ORIGINS: list.transform((origins, context) =>
    origins.flatMap((text) => {
      const origin = normalOrigin(text);
      if (origin !== undefined) return [origin];
      context.addIssue({ code: "custom", message: "must be origins such as https://blog.example" });
      return [];
    }),
  ),
  SITE_URL: z
    .string()
    .transform((text, context) => {
      const origin = normalOrigin(text);
      if (origin === undefined)
        context.addIssue({
          code: "custom",
          message: "must be an address without a path, as https://blog.example",
        });
      return origin;
    })
    .optional(),
  ALLOW_NO_ORIGIN: z.enum(["true", "false"]).optional(),
  TRUST_PROXY_HOPS: whole(0, 10, 0),
  CONNECTIONS_PER_ADDRESS: whole(1, 1_000_000, 1_000),
  MESSAGES_PER_SECOND: whole(1, 10_000, 5),
  MESSAGE_BURST: whole(1, 100_000, 10),
  HISTORY_LIMIT: whole(1, 10_000_000, 10_000),
  HISTORY_BYTES: whole(16_384, 1_000_000_000, 4_194_304),
  HISTORY_DAYS: whole(1, 36_500, 30),
  STORE_BYTES: whole(1_000_000, 1_000_000_000_000, 256_000_000),
  ROOMS: z.enum(creationPolicies).default("all"),
  OWNER_KEY: list.refine(
    (keys) => keys.every((key) => key.length >= leastKeyCharacters),
    `must be of at least ${leastKeyCharacters} characters; \`openssl rand -hex 32\` makes a good one`,
  ),
  OWNER_WEBHOOK: z
    .string()
    .refine(isReceiver, "must be an http:// or https:// address without a name and password in it")
    .optional(),
  OWNER_WEBHOOK_SECRET: z
    .string()
    .min(leastKeyCharacters, `must have at least ${leastKeyCharacters} characters`)
    .optional(),
  GUARD: z.enum(guardLevels).default("mild"),
  RATE_LIMITS: z.enum(["on", "off"]).default("on"),
  DRAIN_MS: whole(0, 600_000, 15_000),
  LOG_LEVEL: z.enum(logLevels).default("info"),
  LOG_ADDRESSES: z.enum(["true", "false"]).default("false"),
  METRICS_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{16,}$/, "must be at least 16 characters of ASCII without white space")
    .optional(),
});

export const settingNames = Object.keys(settings.shape);

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
  /** Who knows one of these can become the owner (O-1). */
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

type Environment = Readonly<Record<string, string | undefined>>;

export type ConfigResult = { ok: true; config: Config } | { ok: false; message: string };

/**
 * An empty value counts as unset: compose files and hosting panels leave a setting out that way. An empty DATA_DIR is
 * the wish to keep nothing.
 */
const withoutEmpty = ({ DATA_DIR: dataDir, ...environment }: Environment) => ({
  ...Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== "")),
  ...(dataDir !== undefined && { DATA_DIR: dataDir || keepsNothing }),
});

const keepsNothing = "none";

/** Hashes the secret into a key of full length, so that no passphrase is too short or too long for HS256. */
export const toKey = (secret: string): Uint8Array =>
  createHash("sha256").update(`madang session ${secret}`).digest();

const leastSecretCharacters = 32;
const isTooShort = (secret: string): boolean => secret.length < leastSecretCharacters;
const tooShort = `SESSION_SECRET has a secret of fewer than ${leastSecretCharacters} characters; \`openssl rand -hex 32\` makes a good one`;

/** The files of TLS would be ignored without it, and half of a pair is none. */
function tlsFaults({ REDIS_URL = "", ...environment }: Environment): string[] {
  const { REDIS_CERT_FILE, REDIS_KEY_FILE } = environment;
  const given = tlsSettings.filter((name) => environment[name] !== undefined);
  return [
    ...(given.length > 0 && !REDIS_URL.startsWith("rediss:")
      ? [`${given.join(", ")}: only with a REDIS_URL that begins with rediss://`]
      : []),
    ...((REDIS_CERT_FILE === undefined) === (REDIS_KEY_FILE === undefined)
      ? []
      : ["REDIS_CERT_FILE and REDIS_KEY_FILE: only together"]),
  ];
}

function receiverFaults({ OWNER_WEBHOOK, OWNER_WEBHOOK_SECRET }: Environment): string[] {
  return (OWNER_WEBHOOK === undefined) === (OWNER_WEBHOOK_SECRET === undefined)
    ? []
    : ["OWNER_WEBHOOK and OWNER_WEBHOOK_SECRET go together: the secret signs what is sent to that address"];
}

/** Faults of settings in combination, reported even if one of them is invalid by itself. */
function faultsBetween(environment: Environment): string[] {
  const { NODE_ENV, REPLICAS, SESSION_SECRET } = environment;
  const faults = [...faultsOfAddress(environment), ...tlsFaults(environment), ...receiverFaults(environment)];
  if (Number(REPLICAS) > 1 && !isShared(environment))
    faults.push("REPLICAS is more than 1 without REDIS_URL: the embedded broker serves one replica only");
  if (!isShared(environment) || NODE_ENV !== "production") return faults;
  const secrets = list.parse(SESSION_SECRET);
  if (secrets.length === 0)
    faults.push(
      "SESSION_SECRET is required with REDIS_URL in production: all replicas must sign with the same one",
    );
  if (secrets.some(isTooShort)) faults.push(tooShort);
  return faults;
}

/** What is shared by replicas is in Redis, and nothing in a folder. */
const dataDirOf = (values: z.infer<typeof settings>): string | undefined =>
  addressOf(values) !== undefined || values.DATA_DIR === keepsNothing ? undefined : values.DATA_DIR;

const tlsOf = (values: z.infer<typeof settings>): TlsFiles => ({
  ca: values.REDIS_CA_FILE,
  cert: values.REDIS_CERT_FILE,
  key: values.REDIS_KEY_FILE,
});

const webhookOf = ({ OWNER_WEBHOOK: url, OWNER_WEBHOOK_SECRET: secret }: z.infer<typeof settings>) =>
  url === undefined || secret === undefined ? undefined : { url, secret };

function warningsOf(values: z.infer<typeof settings>): string[] {
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
export function readConfig(environment: Environment): ConfigResult {
  const given = withoutEmpty(environment);
  const parsed = settings.safeParse(given);
  const faults = [
    ...(parsed.error?.issues ?? []).map((issue) => `${issue.path.join(".")}: ${issue.message}`),
    ...faultsBetween(given),
  ];
  if (!parsed.success || faults.length > 0)
    return {
      ok: false,
      message: `The settings are not valid:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`,
    };
  return { ok: true, config: toConfig(parsed.data) };
}

function toConfig(values: z.infer<typeof settings>): Config {
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
