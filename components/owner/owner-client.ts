import type { Ack, Locale, Overview, VisitorId } from "../../protocol/events";
import { browserEnvironment } from "../chat/client/browser-environment";
import type { ClientConnection } from "../chat/client/connection";
import type { Environment } from "../chat/client/environment";
import { idleMs } from "../chat/client/link";
import {
  initialLinkState,
  keepListConnection,
  type LinkState,
  unanswered,
} from "../chat/client/list-connection";
import { createObservable } from "../chat/client/observable";
import type { Refusal } from "../chat/client/refusal";
import { openSessionToken } from "../chat/client/session-token";
import { loadSockets } from "../chat/client/sockets";
import type { Client } from "../chat/client/use-client";
import { claimOwner } from "./claim-owner";

/** How often the counts are read. */
const refreshMs = 10_000;
/** A replica knows a new role within a second. */
const [roleTries, roleRetryMs] = [8, 300];

/** The visitor of this browser: without a role, or one that may moderate. */
type Who = { is: "asking" } | { is: "stranger" } | { is: "staff"; overview: Overview };
export type OwnerState = LinkState & { who: Who; self?: VisitorId; reportsChanged: number };

export const initialOwner: OwnerState = { ...initialLinkState, who: { is: "asking" }, reportsChanged: 0 };

/** The owner's page while it is open. It joins no room. `open` and `close` may alternate. */
export type OwnerClient = Client<OwnerState> & {
  ask: ClientConnection["ask"];
  reconnect(): void;
  /** Returns the refusal. */
  signIn(key: string): Promise<Refusal>;
  /** Reads the counts, and whether the visitor has a role still. */
  refresh(): void;
};

export function createOwnerClient(locale: Locale, environment: Environment): OwnerClient {
  const { getState, subscribe, change } = createObservable(initialOwner);
  const token = openSessionToken(environment.local);

  async function read({ ask }: Pick<ClientConnection, "ask">): Promise<Ack | undefined> {
    const answer = await ask("owner:overview", {});
    if (answer?.ok) change({ who: { is: "staff", overview: answer } });
    if (answer?.ok !== false || answer.error.code !== "forbidden") return answer;
    change({ who: { is: "stranger" } });
    return { ok: true };
  }

  const connection = keepListConnection(environment, {
    locale,
    changed(patch) {
      const isRefused = patch.link?.is === "refused" && getState().who.is === "asking";
      change({ ...patch, ...(isRefused && { who: { is: "stranger" } as const }) });
    },
    refreshMs,
    hiddenMs: idleMs,
    hears: {
      "session:started": ({ visitor }) => change({ self: visitor.id }),
      "report:added"() {
        change({ reportsChanged: getState().reportsChanged + 1 });
        connection.reenter();
      },
    },
    read,
  });

  /** In a banned network the browser may have no token, or one that has ended: no handshake gives it another. */
  async function claim(key: string): ReturnType<typeof claimOwner> {
    const current = token.current();
    const answer = await claimOwner(key, current);
    if (answer.ok || answer.error.code !== "invalid_token" || current === undefined) return answer;
    token.drop(current);
    return claimOwner(key, undefined);
  }

  async function signIn(key: string): Promise<Refusal> {
    const answer = await claim(key);
    if (!answer.ok) return answer.error.code;
    if (answer.token !== undefined) token.keep(answer.token);
    // The claim may have gone to another replica than the connection, or there is none because of a ban.
    connection.hurry();
    for (let tries = 0; tries < roleTries && getState().who.is !== "staff"; tries += 1) {
      await new Promise<void>((resolve) => void environment.after(roleRetryMs, resolve));
      connection.hurry();
    }
    return undefined;
  }

  return {
    getState,
    subscribe,
    open: connection.open,
    close: connection.close,
    ask: async (...question) =>
      (await connection.ask(...question)) ?? (unanswered as Awaited<ReturnType<ClientConnection["ask"]>>),
    reconnect: connection.hurry,
    signIn,
    refresh: connection.reenter,
  };
}

export const openBrowserOwner = (locale: Locale): OwnerClient =>
  createOwnerClient(locale, browserEnvironment(loadSockets));
