import { dismissNoteWorker } from "../chat/alerts/note-worker";
import { beginIdentity } from "../chat/client/browser-identity";
import type { Environment } from "../chat/client/environment";
import type { SessionToken } from "../chat/client/session-token";
import { keepUnread } from "../chat/client/unread-rooms";
import type { AccountAnswer, WelcomeAnswer } from "./account-requests";

/**
 * Shows the server that a log-in succeeded in this browser before: guesses by strangers then do not lock the owner out.
 */
const deviceKey = "madang:mark";

/** The token and the mark of a log-in that this browser keeps of its visitor. */
export function browserVisitorOf(environment: Environment, token: SessionToken) {
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
