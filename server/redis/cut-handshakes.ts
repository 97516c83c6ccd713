import type { EventEmitter } from "node:events";
import type { Redis } from "ioredis";

/** What the library declares for its own use only. */
type Private = { connector: { stream?: EventEmitter | null; disconnect(): void } };

/**
 * Call when a client is made. One that is ended in the middle of a TLS handshake hears of that from the server as a second
 * error. The library listens for the first one only, so the second would end the process.
 */
export function survivesCutHandshakes<Client extends Redis>(client: Client): Client {
  const { connector } = client as unknown as Private;
  const disconnect = connector.disconnect.bind(connector);
  connector.disconnect = () => {
    connector.stream?.on("error", () => undefined);
    disconnect();
  };
  return client;
}
