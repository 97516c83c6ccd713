import { z } from "zod";
import type { Accounts } from "../accounts/accounts";
import { type JsonAction, jsonAction } from "./json-requests";

const nothing = z.object({});
const credentials = z.object({ handle: z.string(), password: z.string() });
const proof = z.object({ password: z.string().optional() });
const logIn = credentials.extend({ device: z.string().optional() });
const change = z.object({ password: z.string(), newPassword: z.string(), endOthers: z.boolean().optional() });
const ending = proof.extend({ device: z.string() });

/** H-2. Every action, by the last part of its path. */
export const accountActions = (accounts: Accounts): Record<string, JsonAction> => ({
  transfer: jsonAction(proof, (client, { password }) => accounts.transfers.makeCode(client, password)),
  claim: jsonAction(z.object({ code: z.string() }), (client, { code }) =>
    accounts.transfers.claim(client, code),
  ),
  status: jsonAction(z.object({ code: z.string().optional() }), (client, { code }) =>
    accounts.status(client, code),
  ),
  "sign-up": jsonAction(credentials, (client, input) => accounts.signUp(client, input)),
  "log-in": jsonAction(logIn, (client, input) => accounts.logIn(client, input)),
  "change-password": jsonAction(change, (client, input) => accounts.changePassword(client, input)),
  devices: jsonAction(nothing, (client) => accounts.devices.list(client)),
  "end-device": jsonAction(ending, (client, input) => accounts.devices.end(client, input)),
  delete: jsonAction(proof, (client, { password }) => accounts.delete(client, password)),
  "log-out": jsonAction(nothing, (client) => accounts.logOut(client)),
});
