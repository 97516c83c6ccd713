import { localStore, sessionStore } from "../chat/client/storage";
import { isVisitOver, resumeVisit } from "../chat/client/visit";

const stores = { local: localStore, session: sessionStore };

const look = (): void => {
  if (isVisitOver(stores)) location.reload();
};

/** Once for each page load: when this browser becomes somebody else in another tab, this one starts anew as well. */
export function followVisits(): void {
  resumeVisit(stores);
  window.addEventListener("storage", look);
  // A page that comes back from the browser's memory has heard nothing meanwhile.
  window.addEventListener("pageshow", look);
}
