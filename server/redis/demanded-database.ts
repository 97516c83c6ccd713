import type { Redis } from "ioredis";

/** What the library declares for its own use only. */
type Private = {
  select(database: number | string): Promise<"OK">;
  _readyCheck(done: (error: Error | null, info?: object) => void): void;
};

/**
 * Call when a client is made. When the store refuses the database of the URL, the library reports that and goes on in database
 * 0, where another site may have its keys. Such a connection here is never ready: it ends, and is tried again.
 */
export function demandsItsDatabase<Client extends Redis>(client: Client): Client {
  const own = client as unknown as Private;
  const [select, check] = [own.select.bind(client), own._readyCheck.bind(client)];
  let refusal: Error | undefined;
  own.select = async (database) => {
    refusal = undefined;
    try {
      return await select(database);
    } catch (error) {
      refusal = new Error(`SELECT ${database}: ${(error as Error).message}`);
      throw refusal;
    }
  };
  // The answer to SELECT comes before the one for which this check asks.
  own._readyCheck = (done) =>
    check((error, info) => (refusal === undefined ? done(error, info) : done(refusal)));
  return client;
}
