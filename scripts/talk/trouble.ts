import type { WireError } from "../../protocol/events";

/** Why a connection could not be opened, or ended. */
export type Trouble = {
  why: string;
  /** The server's error (W-4). */
  error?: WireError;
  /** The address itself seems to be wrong: retrying would not help a person who has just typed it. */
  isAddressWrong?: boolean;
};

/** How socket.io-client reports a refused handshake (`data`), or a WebSocket that did not open (`description`). */
export type Failure = Error & {
  data?: WireError;
  description?: { message?: string; error?: { code?: string } };
};

const causes: Record<string, string> = {
  ECONNREFUSED: "nothing is listening there",
  ECONNRESET: "it closed the connection",
  ETIMEDOUT: "it isn’t answering",
  EAI_AGAIN: "its name can’t be looked up right now",
};

export const originRefused =
  "The server only accepts web pages (403). For terminals and bots, start it with ALLOW_NO_ORIGIN=true.";

export function troubleOf({ data, description, message }: Failure): Trouble {
  if (data) return { why: data.message, error: data };
  const status = Number(description?.message?.match(/server response: (\d{3})/)?.[1]);
  if (status) return answeredWith(status);
  const code = description?.error?.code ?? "";
  if (code === "ENOTFOUND") return { why: "There’s no host with that name.", isAddressWrong: true };
  if (/CERT|SSL|TLS|EPROTO/.test(code))
    return { why: `Its encryption can’t be trusted, or it has none (${code}).`, isAddressWrong: true };
  return { why: causes[code] ?? (code || message) };
}

/** W-3: the reason behind a status that a server, or a proxy in front of it, sent instead of 101. */
function answeredWith(status: number): Trouble {
  if (status === 403) return { why: originRefused, isAddressWrong: true };
  if (status === 503) return { why: "it’s starting up or shutting down" };
  if (status >= 500 || status === 408 || status === 429) return { why: `it answers ${status}` };
  return { why: `There’s no chat at that address (it answers ${status}).`, isAddressWrong: true };
}
