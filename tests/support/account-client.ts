import type { WireError } from "../../protocol/events";

export type Answer = {
  status: number;
  headers: Headers;
  body: Record<string, unknown> & { error?: WireError };
};

type Question = { token?: string | undefined; body?: unknown; headers?: Record<string, string> };

/** Sends `POST /api/account/ACTION` as a page does; a `body` that is text is sent unchanged. */
export async function askAccount(url: string, action: string, question: Question = {}): Promise<Answer> {
  const { token, body = {}, headers } = question;
  const response = await fetch(`${url}/api/account/${action}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: typeof body === "string" ? body : JSON.stringify(body),
    signal: AbortSignal.timeout(60_000),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Answer["body"],
  };
}

type Welcome = { visitor: { id: string }; token: string; code: string; expiresAt: number; good?: boolean };

/** The same, but a refusal throws. */
export async function mustAccount(url: string, action: string, question?: Question): Promise<Welcome> {
  const { status, body } = await askAccount(url, action, question);
  if (status !== 200) throw new Error(`${action} was refused: ${status} ${JSON.stringify(body)}`);
  return body as unknown as Welcome;
}
