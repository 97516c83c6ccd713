import { type Redis, type SentinelConnectionOptions, SentinelConnector } from "ioredis";
import type { Logger } from "../lib/logger";
import type { Sentinels } from "./address";
import { tlsAdvice } from "./tls-advice";
import type { TlsTexts } from "./tls-files";

/** What the library declares for its own use only. */
type Private = {
  connectToSentinel(...args: unknown[]): Redis;
  resolve(...args: unknown[]): Promise<unknown>;
  failoverDetector: { cleanup(): void } | null;
};

/**
 * The library's, which asks the Sentinels for the primary and hears from them of a failover, without three defects. Its
 * connections for that have no listener for errors, so each try to reach a dead Sentinel would print a stack. Of any that
 * fails it tells only that it is closed. And news that comes while it asks for the primary, as when that was killed, would
 * end the client for good.
 */
class FailoverConnector extends SentinelConnector {
  constructor(options: unknown) {
    super(options as SentinelConnectionOptions);
    const connect = this.private.connectToSentinel.bind(this);
    const resolve = this.private.resolve.bind(this);
    let latest: Redis | undefined;
    this.private.connectToSentinel = (...args) => {
      latest = connect(...args).on("error", () => undefined);
      return latest;
    };
    this.private.resolve = (...args) => {
      let reason: Error | undefined;
      const resolving = resolve(...args);
      latest?.on("error", (error) => {
        reason = error;
      });
      return resolving.catch((error) => {
        throw reason ?? error;
      });
    };
  }

  override connect(
    ...args: Parameters<SentinelConnector["connect"]>
  ): ReturnType<SentinelConnector["connect"]> {
    this.private.failoverDetector?.cleanup();
    return super.connect(...args);
  }

  private get private(): Private {
    return this as unknown as Private;
  }
}

type SentinelOptions = {
  retryDelayMs(attempt: number): number | null;
  commandTimeoutMs: number;
  isTls: boolean;
  tls: TlsTexts | undefined;
};

/** Without the news of a failover a primary that only Sentinels no longer reach would take writes that are then lost. */
export const sentinelOptions = (
  { servers, name, password }: Sentinels,
  { retryDelayMs, commandTimeoutMs, isTls, tls }: SentinelOptions,
) => ({
  Connector: FailoverConnector,
  sentinels: [...servers],
  name,
  sentinelPassword: password,
  sentinelRetryStrategy: retryDelayMs,
  sentinelReconnectStrategy: retryDelayMs,
  sentinelCommandTimeout: commandTimeoutMs,
  failoverDetector: true,
  enableTLSForSentinelMode: isTls,
  sentinelTLS: isTls ? { ...tls } : undefined,
});

/** Says once why the Sentinels lead to no primary, until they do. The library says only that all are unreachable. */
export function warnOfSentinels(client: Redis, { name }: Sentinels, logger: Logger): void {
  const said = new Set<string>();
  client.on("ready", () => said.clear());
  client.on("sentinelError", ({ message }: Error) => {
    if (said.has(message)) return;
    said.add(message);
    const isUnknown = message.includes("No such master") || message.includes("invalid reply: null");
    logger.warn(
      { err: message },
      isUnknown
        ? `the Sentinel knows no primary named ${name}: check REDIS_SENTINEL_NAME`
        : `a Sentinel does not answer: ${tlsAdvice(message) ?? "check REDIS_SENTINELS"}`,
    );
  });
}
