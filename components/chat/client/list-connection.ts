import type { Ack, Locale, ServerToClient, WireError } from "../../../protocol/events";
import type { ChatState } from "../state/chat-state";
import { type ClientConnection, openConnection } from "./connection";
import type { Cancel, Environment } from "./environment";
import { keepLink, type LinkKeeper } from "./link";

export type LinkState = Pick<ChatState, "link" | "isDegraded">;

export const initialLinkState: LinkState = { link: { is: "connecting", attempt: 0 }, isDegraded: false };

export type ListOptions = {
  locale: Locale;
  changed(patch: Partial<LinkState>): void;
  /** Asks the server for the list, and keeps the answer. */
  read(connection: ClientConnection): Promise<Ack | undefined>;
  /** Time between reads; without it, only a failure or a new connection causes another read. */
  refreshMs?: number;
  /** How long a hidden tab keeps its connection. */
  hiddenMs: number;
  hears?: Partial<ServerToClient>;
};

/** How long a list that is not read regularly waits after a failure. */
const retryReadMs = 4_000;

/** Stands for the answer that a dead link does not give. */
export const unanswered: { ok: false; error: WireError } = {
  ok: false,
  error: { code: "unavailable", message: "There was no answer.", retryable: true },
};

/** A connection that joins no room, open while its list is on the page. `open` and `close` may alternate. */
export function keepListConnection(
  environment: Environment,
  { locale, changed, read, refreshMs, hiddenMs, hears }: ListOptions,
): LinkKeeper {
  let stopWatching: Cancel = () => {};
  let cancelRefresh: Cancel = () => {};
  let isRefused = false;
  const link = keepLink(environment, {
    locale,
    hiddenMs,
    open: openConnection,
    changed(now) {
      isRefused = now.is === "refused";
      changed({ link: now });
    },
    plan: () => ({
      hears: { ...hears, "status:changed": ({ degraded }) => changed({ isDegraded: degraded }) },
      enter: read,
      leastRetryMs: refreshMs ?? retryReadMs,
      entered() {
        cancelRefresh();
        if (refreshMs !== undefined) cancelRefresh = environment.after(refreshMs, link.reenter);
      },
    }),
  });
  return {
    ...link,
    open() {
      stopWatching = environment.watchPage((moment) => {
        link.pageChanged(moment);
        if (isRefused && (moment === "shown" || moment === "online")) link.hurry();
      });
      link.open();
    },
    close() {
      stopWatching();
      cancelRefresh();
      link.close();
    },
  };
}
