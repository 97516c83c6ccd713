import type { IncomingMessage } from "node:http";
import { z } from "zod";
import type { WireError } from "../../protocol/events";
import type { AccountClient } from "../accounts/account-client";
import type { Accounts } from "../accounts/accounts";
import { deviceName } from "../accounts/device-name";
import { ChatError } from "../errors";
import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import { type AdmissionSettings, isOriginAllowed } from "./admission";
import { type HttpAnswer, toHttpRefusal } from "./http-answer";
import { readJson } from "./json-body";
import { networkOf } from "./network";
import { parse } from "./parse";

type Action = (accounts: Accounts, client: AccountClient, body: unknown) => Promise<object>;

const action =
  <Schema extends z.ZodType>(
    input: Schema,
    carryOut: (accounts: Accounts, client: AccountClient, input: z.infer<Schema>) => Promise<object>,
  ): Action =>
  async (accounts, client, body) =>
    carryOut(accounts, client, parse(input, body));

const nothing = z.object({});
const credentials = z.object({ handle: z.string(), password: z.string() });
const proof = z.object({ password: z.string().optional() });
const logIn = credentials.extend({ device: z.string().optional() });
const change = z.object({ password: z.string(), newPassword: z.string(), endOthers: z.boolean().optional() });
const ending = proof.extend({ device: z.string() });

/** Every action, by the last part of its path. */
const actions: Record<string, Action> = {
  transfer: action(proof, (accounts, client, { password }) => accounts.transfers.makeCode(client, password)),
  claim: action(z.object({ code: z.string() }), (accounts, client, { code }) =>
    accounts.transfers.claim(client, code),
  ),
  status: action(z.object({ code: z.string().optional() }), (accounts, client, { code }) =>
    accounts.status(client, code),
  ),
  "sign-up": action(credentials, (accounts, client, input) => accounts.signUp(client, input)),
  "log-in": action(logIn, (accounts, client, input) => accounts.logIn(client, input)),
  "change-password": action(change, (accounts, client, input) => accounts.changePassword(client, input)),
  devices: action(nothing, (accounts, client) => accounts.devices.list(client)),
  "end-device": action(ending, (accounts, client, input) => accounts.devices.end(client, input)),
  delete: action(proof, (accounts, client, { password }) => accounts.delete(client, password)),
  "log-out": action(nothing, (accounts, client) => accounts.logOut(client)),
};

type AccountRequestsOptions = {
  accounts: Accounts;
  settings: AdmissionSettings;
  clock: Clock;
  logger: Logger;
  refused(error: WireError): void;
};

/**
 * `POST /api/account/ACTION`: JSON in, JSON out, errors as in W-5. It reads no cookie, so another site cannot make a
 * browser ask in its visitor's name. Requests from other sites' pages are refused as at the socket (W-3).
 */
export class AccountRequests {
  constructor(private readonly options: AccountRequestsOptions) {}

  async answer(name: unknown, request: IncomingMessage): Promise<HttpAnswer> {
    try {
      const carryOut = this.find(name, request);
      if (request.method !== "POST") throw new Refusal(405, "This is asked by POST.", { Allow: "POST" });
      const body = await readJson(request, this.options.clock);
      const answer = await carryOut(this.options.accounts, this.visitOf(request), body);
      return { status: 200, headers: { "Cache-Control": "no-store" }, body: { ok: true, ...answer } };
    } catch (error) {
      return this.refuse(error);
    }
  }

  private find(name: unknown, request: IncomingMessage): Action {
    if (!isOriginAllowed(request, this.options.settings))
      throw new ChatError("forbidden", "Pages of other sites can’t do this.");
    const found = typeof name === "string" && Object.hasOwn(actions, name) ? actions[name] : undefined;
    if (found === undefined) throw new Refusal(404, "There is no such action.");
    return found;
  }

  private visitOf(request: IncomingMessage): AccountClient {
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
