import type { Ack, Locale, VisitorId, WireError } from "../../protocol/events";
import { dismissNoteWorker } from "../chat/alerts/note-worker";
import { browserEnvironment } from "../chat/client/browser-environment";
import { beginIdentity } from "../chat/client/browser-identity";
import type { Cancel, Environment } from "../chat/client/environment";
import { createNotifier } from "../chat/client/notifier";
import { openSessionToken, type SessionToken } from "../chat/client/session-token";
import { loadSockets } from "../chat/client/sockets";
import { keepUnread } from "../chat/client/unread-rooms";
import {
  type AccountAction,
  type AccountAnswer,
  type AnswerTo,
  type AskAccount,
  askAccount,
  type Credentials,
  type DeviceAnswer,
  type InputTo,
  type PasswordChangeInput,
  type TransferCode,
  type WelcomeAnswer,
} from "./account-requests";
import { becomeVisitor, forget } from "./one-off-connection";

export type Self = { visitor: VisitorId; handle?: string; lasting: boolean };

/** The latest change of this browser's identity. */
export type IdentityChange =
  | "signedUp"
  | "loggedIn"
  | "loggedOut"
  | "passwordChanged"
  | "deleted"
  | "forgotten";

export type IdentityState = {
  who: { is: "asking" } | { is: "unknown"; error: WireError } | ({ is: "known" } & Self);
  lastChange?: IdentityChange;
};

/**
 * Who this browser is, and the actions that change it. Each resolves with the server's answer; none rejects. Those with
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

/**
 * Shows the server that a log-in succeeded in this browser before: guesses by strangers then do not lock the owner out.
 */
const deviceKey = "madang:mark";

const proof = (password: string | undefined) => (password === undefined ? {} : { password });

export const initialIdentity: IdentityState = { who: { is: "asking" } };

/** Asks as this browser's visitor, and first creates one if it has none, or none any more. */
const askingAs =
  (token: SessionToken, ask: AskAccount, create: () => Promise<Ack<{ token: string }>>) =>
  async <Action extends AccountAction>(action: Action, input: InputTo<Action>): Promise<AnswerTo<Action>> => {
    let mine = token.current();
    if (mine === undefined) {
      const met = await create();
      if (!met.ok) return met;
      mine = met.token;
      token.keep(mine);
    }
    const answer = await ask(action, input, mine);
    if (!answer.ok && answer.error.code === "invalid_token") token.drop(mine);
    return answer;
  };

export function createIdentityClient(
  locale: Locale,
  environment: Environment,
  ask: AskAccount,
): IdentityClient {
  const token = openSessionToken(environment.local);
  const askAs = askingAs(token, ask, () => becomeVisitor(environment, locale, token.current));
  const { getState, subscribe, refresh, conclude } = watchIdentity(environment, askAs);
  const { device, keepDevice, keepToken, becomeOther } = browserOf(environment, token);
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

/** Who this browser is, as the server last said, and what the visitor last changed about it. */
function watchIdentity(environment: Environment, askAs: ReturnType<typeof askingAs>) {
  const notifier = createNotifier(environment);
  let state = initialIdentity;

  function change(patch: Partial<IdentityState>): void {
    state = { ...state, ...patch };
    notifier.notify();
  }

  async function refresh(): Promise<void> {
    let answer = await askAs("status", {});
    // Logged out on another device: become a new visitor at once.
    if (!answer.ok && answer.error.code === "invalid_token") answer = await askAs("status", {});
    if (!answer.ok) return change({ who: { is: "unknown", error: answer.error } });
    const { visitor, handle, lasting } = answer;
    change({ who: { is: "known", visitor: visitor.id, lasting, ...(handle !== undefined && { handle }) } });
  }

  async function conclude<Answer>(
    to: IdentityChange,
    answer: Ack<Answer>,
    take: (answer: Answer) => void,
  ): Promise<Ack> {
    if (answer.ok) take(answer);
    // A refused token: this browser's visitor was replaced or ended without this page knowing.
    if (answer.ok || answer.error.code === "invalid_token") await refresh();
    if (answer.ok) change({ lastChange: to });
    return answer;
  }

  return { getState: () => state, subscribe: notifier.subscribe, refresh, conclude };
}

/** What this browser keeps of its visitor. */
function browserOf(environment: Environment, token: SessionToken) {
  function keepDevice({ device }: Pick<AccountAnswer, "device">): void {
    if (device !== undefined) environment.local.set(deviceKey, device);
  }
  return {
    device(): Pick<AccountAnswer, "device"> {
      const device = environment.local.get(deviceKey);
      return device === undefined ? {} : { device };
    },
    keepDevice,
    keepToken(welcome: WelcomeAnswer & AccountAnswer): void {
      token.keep(welcome.token);
      keepDevice(welcome);
    },
    becomeOther(welcome?: WelcomeAnswer): void {
      beginIdentity(environment, welcome?.token);
      // This page's own unread counts, which it would otherwise store again.
      keepUnread([]);
      void dismissNoteWorker();
    },
  };
}

export const openBrowserIdentity = (locale: Locale): IdentityClient =>
  createIdentityClient(locale, browserEnvironment(loadSockets), askAccount);
