import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Received = {
  path: string;
  headers: Record<string, unknown>;
  text: string;
  body: Record<string, unknown>;
};

/** A real receiver of a webhook: it keeps all requests, and answers as a test says, or else with 204. */
export async function startReceiver() {
  const received: Received[] = [];
  const listeners = new Set<() => void>();
  const answers: ((response: ServerResponse) => void)[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    received.push({
      path: request.url ?? "",
      headers: request.headers,
      text,
      body: text ? JSON.parse(text) : {},
    });
    (answers.shift() ?? ((it) => it.writeHead(204).end()))(response);
    for (const listener of listeners) listener();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  return {
    url,
    received,
    /** The answers to the next requests, in order. */
    answers,
    /** Resolves once this many requests have come. */
    async count(wanted: number): Promise<void> {
      while (received.length < wanted) await new Promise<void>((resolve) => listeners.add(resolve));
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Returns true if a request is signed with the secret as docs/protocol.md says. */
export function isSigned({ headers, text }: Received, secret: string): boolean {
  const [, seconds, found] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers["madang-signature"])) ?? [];
  const wanted = createHmac("sha256", secret).update(`${seconds}.${text}`).digest("hex");
  return found === wanted && Math.abs(Number(seconds) * 1_000 - Date.now()) < 60_000;
}
