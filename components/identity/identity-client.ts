import type { Ack, Locale } from "../../protocol/events";
import { browserEnvironment } from "../chat/client/browser-environment";
import type { Cancel, Environment } from "../chat/client/environment";
import { openSessionToken } from "../chat/client/session-token";
import { loadSockets } from "../chat/client/sockets";
import {
  type AskAccount,
  askAccount,
  type Credentials,
  type DeviceAnswer,
  type PasswordChangeInput,
  type TransferCode,
} from "./account-requests";
import { askingAs } from "./ask-as";
import { browserVisitorOf } from "./browser-visitor";
import { type IdentityState, watchIdentity } from "./identity-state";
import { becomeVisitor, forget } from "./one-off-connection";

/**
 * The visitor of this browser, and the actions that change it. Each resolves with the server's answer; none rejects. Those with
 * a `password` are `forbidden` without it when it was not given lately (H-6).
 */
export type IdentityClient = {
  getState(): IdentityState;
  subscribe(listener: () => void): Cancel;
  open(): void;
  close(): void;
  refresh(): Promise<void>;
  transfer(password?: string): Promise<Ack<TransferCode>>;
  /** Whether a code that this browser shows can still be claimed; `undefined` when the server cannot tell now. */
  isGood(code: string): Promise<boolean | undefined>;
  claim(code: string): Promise<Ack>;
  signUp(credentials: Credentials): Promise<Ack>;
  logIn(credentials: Credentials): Promise<Ack>;
  logOut(): Promise<Ack>;
  changePassword(change: PasswordChangeInput): Promise<Ack>;
  devices(): Promise<Ack<{ devices: DeviceAnswer[] }>>;
  endDevice(device: string, password?: string): Promise<Ack>;
  deleteAccount(password?: string): Promise<Ack>;
  forget(password?: string): Promise<Ack>;
};

const proof = (password: string | undefined) => (password === undefined ? {} : { password });

export function createIdentityClient(
  locale: Locale,
  environment: Environment,
  ask: AskAccount,
): IdentityClient {
  const token = openSessionToken(environment.local);
  const askAs = askingAs(token, ask, () => becomeVisitor(environment, locale, token.current));
  const { getState, subscribe, refresh, conclude } = watchIdentity(environment, askAs);
  const { device, keepDevice, keepToken, becomeOther } = browserVisitorOf(environment, token);
  let stopWatching: Cancel = () => {};

  return {
    getState,
    subscribe,
    open() {
      stopWatching = environment.watchPage((moment) => moment === "shown" && void refresh());
      void refresh();
    },
    close: () => stopWatching(),
    refresh,
    transfer: (password) => askAs("transfer", proof(password)),
    async isGood(code) {
      const answer = await askAs("status", { code });
      return answer.ok ? answer.good : undefined;
    },
    async claim(code) {
      const answer = await ask("claim", { code });
      if (answer.ok) becomeOther(answer);
      return answer;
    },
    signUp: async (credentials) => conclude("signedUp", await askAs("sign-up", credentials), keepToken),
    logIn: async (credentials) =>
      conclude(
        "loggedIn",
        await ask("log-in", { ...credentials, ...device() }, token.current()),
        (answer) => {
          becomeOther(answer);
          keepDevice(answer);
        },
      ),
    async logOut() {
      const kept = device();
      return conclude("loggedOut", await askAs("log-out", {}), (answer) => {
        becomeOther(answer);
        keepDevice(kept);
      });
    },
    changePassword: async (change) =>
      conclude("passwordChanged", await askAs("change-password", change), keepToken),
    devices: () => askAs("devices", {}),
    endDevice: (device, password) => askAs("end-device", { device, ...proof(password) }),
    deleteAccount: async (password) =>
      conclude("deleted", await askAs("delete", proof(password)), becomeOther),
    forget: async (password) =>
      conclude("forgotten", await forgetSelf(environment, locale, { token: token.current(), password }), () =>
        becomeOther(),
      ),
  };
}

type Forgetting = { token: string | undefined; password: string | undefined };

/** A browser without a token is no visitor: there is nothing to forget. */
const forgetSelf = async (environment: Environment, locale: Locale, { token, password }: Forgetting) =>
  token === undefined ? ({ ok: true } as const) : forget(environment, locale, { token, password });

export const openBrowserIdentity = (locale: Locale): IdentityClient =>
  createIdentityClient(locale, browserEnvironment(loadSockets), askAccount);
