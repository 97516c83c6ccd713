import { isIdentityOver, resumeIdentity } from "../chat/client/browser-identity";
import { localStore, sessionStore } from "../chat/client/storage";

const stores = { local: localStore, session: sessionStore };

const look = (): void => {
  if (isIdentityOver(stores)) location.reload();
};

/** Call once per page load. When this browser becomes another visitor in another tab, this page reloads. */
export function followIdentity(): void {
  resumeIdentity(stores);
  window.addEventListener("storage", look);
  // A page restored from the back/forward cache received no storage events while it was frozen.
  window.addEventListener("pageshow", look);
}
