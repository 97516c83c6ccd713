import { z } from "zod";
import { normalOrigin } from "../protocol/origin";
import { logLevels } from "./lib/logger";
import { guardLevels } from "./moderation/guard-level";
import { faultOfRedisUrl, faultsOfAddress, isShared, parseServer } from "./redis/address";
import { faultsOfTls } from "./redis/tls-files";
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
const shapes = z.object({
  NODE_ENV: z.string().default("development"),
  PORT: whole(1, 65_535, 3000),
  HOSTNAME: z.string().default("0.0.0.0"),
  REDIS_URL: z
    .string()
    .superRefine((text, context) => {
      const message = faultOfRedisUrl(text);
      if (message !== undefined) context.addIssue({ code: "custom", message });
    })
    .optional(),
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

export const settingNames = Object.keys(shapes.shape);

/** The settings as they are read, with the defaults. */
export type Settings = z.infer<typeof shapes>;

export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

/**
 * An empty value counts as unset: compose files and hosting panels leave a setting out that way. An empty DATA_DIR
 * keeps nothing.
 */
const withoutEmpty = ({ DATA_DIR: dataDir, ...environment }: EnvironmentVariables) => ({
  ...Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== "")),
  ...(dataDir !== undefined && { DATA_DIR: dataDir || keepsNothing }),
});

/** A DATA_DIR that is none. */
export const keepsNothing = "none";

const leastSecretCharacters = 32;
export const isTooShort = (secret: string): boolean => secret.length < leastSecretCharacters;
export const tooShort = `SESSION_SECRET has a secret of fewer than ${leastSecretCharacters} characters; \`openssl rand -hex 32\` makes a good one`;

function receiverFaults({ OWNER_WEBHOOK, OWNER_WEBHOOK_SECRET }: EnvironmentVariables): string[] {
  return (OWNER_WEBHOOK === undefined) === (OWNER_WEBHOOK_SECRET === undefined)
    ? []
    : ["OWNER_WEBHOOK and OWNER_WEBHOOK_SECRET go together: the secret signs what is sent to that address"];
}

/** Faults of settings in combination, reported even if one of them is invalid by itself. */
function faultsBetween(environment: EnvironmentVariables): string[] {
  const { NODE_ENV, REPLICAS, SESSION_SECRET } = environment;
  const faults = [
    ...faultsOfAddress(environment),
    ...faultsOfTls(environment),
    ...receiverFaults(environment),
  ];
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

/** Reads the environment. Pure: returns the settings, or every fault in them. */
export function readSettings(
  environment: EnvironmentVariables,
): { ok: true; settings: Settings } | { ok: false; faults: readonly string[] } {
  const given = withoutEmpty(environment);
  const parsed = shapes.safeParse(given);
  const faults = [
    ...(parsed.error?.issues ?? []).map((issue) => `${issue.path.join(".")}: ${issue.message}`),
    ...faultsBetween(given),
  ];
  return parsed.success && faults.length === 0 ? { ok: true, settings: parsed.data } : { ok: false, faults };
}
