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
  look(): Promise<void>;
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
  const notifier = createNotifier(environment);
  let state = initialIdentity;
  let stopWatching: Cancel = () => {};

  function change(patch: Partial<IdentityState>): void {
    state = { ...state, ...patch };
    notifier.notify();
  }

  async function look(): Promise<void> {
    let answer = await askAs("status", {});
    // Logged out on another device: become a new visitor at once.
    if (!answer.ok && answer.error.code === "invalid_token") answer = await askAs("status", {});
    if (!answer.ok) return change({ who: { is: "unknown", error: answer.error } });
    const { visitor, handle, lasting } = answer;
    change({ who: { is: "known", visitor: visitor.id, lasting, ...(handle !== undefined && { handle }) } });
  }

  function keepDevice({ device }: Pick<AccountAnswer, "device">): void {
    if (device !== undefined) environment.local.set(deviceKey, device);
  }
  function keepToken(welcome: WelcomeAnswer & AccountAnswer): void {
    token.keep(welcome.token);
    keepDevice(welcome);
  }
  function becomeOther(welcome?: WelcomeAnswer): void {
    beginIdentity(environment, welcome?.token);
    // This page's own unread counts, which it would otherwise store again.
    keepUnread([]);
    void dismissNoteWorker();
  }

  async function conclude<Answer>(
    to: IdentityChange,
    answer: Ack<Answer>,
    take: (answer: Answer) => void,
  ): Promise<Ack> {
    if (answer.ok) take(answer);
    // A refused token: this browser's visitor was replaced or ended without this page knowing.
    if (answer.ok || answer.error.code === "invalid_token") await look();
    if (answer.ok) change({ lastChange: to });
    return answer;
  }

  return {
    getState: () => state,
    subscribe: notifier.subscribe,
    open() {
      stopWatching = environment.watchPage((moment) => moment === "shown" && void look());
      void look();
    },
    close: () => stopWatching(),
    look,
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
    async logIn(credentials) {
      const device = environment.local.get(deviceKey);
      const input = { ...credentials, ...(device !== undefined && { device }) };
      return conclude("loggedIn", await ask("log-in", input, token.current()), (answer) => {
        becomeOther(answer);
        keepDevice(answer);
      });
    },
    async logOut() {
      const device = environment.local.get(deviceKey);
      return conclude("loggedOut", await askAs("log-out", {}), (answer) => {
        becomeOther(answer);
        environment.local.set(deviceKey, device);
      });
    },
    changePassword: async (change) =>
      conclude("passwordChanged", await askAs("change-password", change), keepToken),
    devices: () => askAs("devices", {}),
    endDevice: (device, password) => askAs("end-device", { device, ...proof(password) }),
    deleteAccount: async (password) =>
      conclude("deleted", await askAs("delete", proof(password)), becomeOther),
    async forget(password) {
      const mine = token.current();
      const answer =
        mine === undefined
          ? ({ ok: true } as const)
          : await forget(environment, locale, { token: mine, password });
      return conclude("forgotten", answer, () => becomeOther());
    },
  };
}

export const openBrowserIdentity = (locale: Locale): IdentityClient =>
  createIdentityClient(locale, browserEnvironment(loadSockets), askAccount);
