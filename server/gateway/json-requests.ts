import type { IncomingMessage } from "node:http";
import type { z } from "zod";
import type { WireError } from "../../protocol/events";
import type { AccountClient } from "../accounts/account-client";
import { deviceName } from "../accounts/device-name";
import { ChatError } from "../errors";
import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import { type AdmissionSettings, isOriginAllowed } from "./admission";
import { type HttpAnswer, toHttpRefusal } from "./http-answer";
import { readJson } from "./json-body";
import { networkOf } from "./network";
import { parse } from "./parse";

/** One action: what asks for it, and the request's body, unchecked. */
export type JsonAction = (client: AccountClient, body: unknown) => Promise<object>;

/** An action of which the body has that shape. */
export const jsonAction =
  <Schema extends z.ZodType>(
    input: Schema,
    carryOut: (client: AccountClient, input: z.infer<Schema>) => Promise<object>,
  ): JsonAction =>
  async (client, body) =>
    carryOut(client, parse(input, body));

type JsonRequestsOptions = {
  settings: AdmissionSettings;
  clock: Clock;
  logger: Logger;
  refused(error: WireError): void;
};

/**
 * `POST /api/…/ACTION` (H-2): JSON in, JSON out, errors as in W-5. It reads no cookie, so another site cannot make a
 * browser ask in its visitor's name. Requests from other sites' pages are refused as at the socket (W-3).
 */
export class JsonRequests {
  /** `actions`: by the last part of their paths. */
  constructor(
    private readonly options: JsonRequestsOptions,
    private readonly actions: Readonly<Record<string, JsonAction>>,
  ) {}

  async answer(name: unknown, request: IncomingMessage): Promise<HttpAnswer> {
    try {
      const carryOut = this.find(name, request);
      if (request.method !== "POST") throw new Refusal(405, "This is asked by POST.", { Allow: "POST" });
      const body = await readJson(request, this.options.clock);
      const answer = await carryOut(this.clientOf(request), body);
      return { status: 200, headers: { "Cache-Control": "no-store" }, body: { ok: true, ...answer } };
    } catch (error) {
      return this.refuse(error);
    }
  }

  private find(name: unknown, request: IncomingMessage): JsonAction {
    if (!isOriginAllowed(request, this.options.settings))
      throw new ChatError("forbidden", "Pages of other sites can’t do this.");
    const { actions } = this;
    const found = typeof name === "string" && Object.hasOwn(actions, name) ? actions[name] : undefined;
    if (found === undefined) throw new Refusal(404, "There is no such action.");
    return found;
  }

  private clientOf(request: IncomingMessage): AccountClient {
    const network = networkOf(request, this.options.settings.trustedProxyHops);
    const [, token] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "") ?? [];
    return { network, token, deviceName: deviceName(request.headers["user-agent"]) };
  }

  private refuse(error: unknown): HttpAnswer {
    const answer = toHttpRefusal(error, this.options.logger);
    this.options.refused(answer.body.error);
    if (!(error instanceof ChatError)) return answer;
    const headers = { ...answer.headers, ...headersFor(error) };
    return { ...answer, ...(error instanceof Refusal && { status: error.status }), headers };
  }
}

/** A refusal with an HTTP status or headers of its own. */
class Refusal extends ChatError {
  constructor(
    readonly status: number,
    message: string,
    readonly headers: Record<string, string> = {},
  ) {
    super("bad_request", message);
  }
}

function headersFor(error: ChatError): Record<string, string> {
  if (error instanceof Refusal) return error.headers;
  if (error.code === "invalid_token") return { "WWW-Authenticate": "Bearer" };
  // Don't read the rest of the request.
  return error.code === "too_large" ? { Connection: "close" } : {};
}
