import type { EventEmitter } from "node:events";
import { type Redis, type SentinelConnectionOptions, SentinelConnector } from "ioredis";
import type { Sentinels } from "./address";
import { survivesCutHandshakes } from "./cut-handshakes";
import { tlsAdvice } from "./tls-advice";
import type { TlsTexts } from "./tls-files";

/** What the library declares for its own use only. */
type Private = {
  connectToSentinel(...args: unknown[]): Redis & EventEmitter;
  resolve(...args: unknown[]): Promise<{ host: string; port: number } | null>;
  failoverDetector: { cleanup(): void } | null;
};

/**
 * The library's, which asks the Sentinels for the primary and hears from them of a failover, without four defects. Its
 * connections for that have no listener for errors, so each try to reach a dead Sentinel would print a stack. Of any that
 * fails it tells only that it is closed. News that comes while it asks for the primary, as when that was killed, would end the
 * client for good. And any news would cut the connection: of another primary that the Sentinels watch, and of one failover
 * as often as there are Sentinels, each of which tells of it in its own time.
 */
class FailoverConnector extends SentinelConnector {
  /** The primary that a Sentinel has named last: host and port. */
  private primary = "";

  constructor(options: unknown) {
    super(options as SentinelConnectionOptions);
    const connect = this.private.connectToSentinel.bind(this);
    const resolve = this.private.resolve.bind(this);
    let latest: Redis | undefined;
    this.private.connectToSentinel = (...args) => {
      const client = survivesCutHandshakes(connect(...args)).on("error", () => undefined);
      this.dropOldNews(client);
      latest = client;
      return client;
    };
    this.private.resolve = async (...args) => {
      let reason: Error | undefined;
      const resolving = resolve(...args);
      latest?.on("error", (error) => {
        reason = error;
      });
      try {
        const found = await resolving;
        this.primary = `${found?.host} ${found?.port}`;
        return found;
      } catch (error) {
        throw reason ?? error;
      }
    };
  }

  override connect(
    ...args: Parameters<SentinelConnector["connect"]>
  ): ReturnType<SentinelConnector["connect"]> {
    this.private.failoverDetector?.cleanup();
    return super.connect(...args);
  }

  private dropOldNews(client: EventEmitter): void {
    const { emit } = client;
    client.emit = (event, ...args) =>
      (event !== "message" || this.isNews(String(args[1]))) && emit.call(client, event, ...args);
  }

  /** `text`: the primary's name, its old address and its new one. */
  private isNews(text: string): boolean {
    const [name, _oldHost, _oldPort, ...address] = text.split(" ");
    return name === this.options.name && address.join(" ") !== this.primary;
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

/** What the library says when each Sentinel has failed, which it has told one by one. */
export const isOfAllSentinels = (reason: string): boolean =>
  reason.startsWith("All sentinels are unreachable");

/** What an operator should look at. */
export function explainSentinel(message: string, name: string): string {
  if (message.includes("No such master") || message.includes("invalid reply: null"))
    return `the Sentinel knows no primary named ${name}: check REDIS_SENTINEL_NAME`;
  if (/\b(WRONGPASS|NOAUTH|NOPERM)\b|invalid password/.test(message))
    return "a Sentinel refuses the password: check REDIS_SENTINEL_PASSWORD";
  if (/unknown command .?sentinel/i.test(message))
    return "a server in REDIS_SENTINELS is a Redis and no Sentinel: name the Sentinels, whose port is mostly 26379";
  return `a Sentinel does not answer: ${tlsAdvice(message) ?? "check REDIS_SENTINELS"}`;
}
