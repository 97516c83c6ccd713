/** Access to public/note-worker.js, which shows this site's notifications and finds them again. */

const script = "/note-worker.js";

/** The worker shows all notifications: a phone's browser does not let a page show them. */
export const canNotify = (): boolean =>
  "Notification" in window &&
  "serviceWorker" in navigator &&
  "showNotification" in ServiceWorkerRegistration.prototype;

/**
 * Resolves when the worker can show notifications. Rejects where the browser allows no workers, and offline the first
 * time.
 */
export async function openNoteWorker(): Promise<ServiceWorkerRegistration> {
  // Its scope is its own address only, so it controls no page: it delays none, and pages never keep an outdated worker
  // alive.
  const registration = await navigator.serviceWorker.register(script, { scope: script });
  const coming = registration.installing ?? registration.waiting;
  if (coming && !registration.active) await activated(coming);
  else if (!isCompared) registration.update().catch(() => {});
  isCompared = true;
  return registration;
}

/**
 * Whether this page has looked for a newer worker: the worker controls no page, so the browser would never look by
 * itself.
 */
let isCompared = false;

const activated = (worker: ServiceWorker): Promise<void> =>
  new Promise((resolve, reject) => {
    worker.addEventListener("statechange", () => {
      if (worker.state === "activated") resolve();
      if (worker.state === "redundant") reject(new Error("the worker for notifications did not start"));
    });
  });

/**
 * Runs one action on notifications after another, over all tabs: Chromium forgets a notification for good if its list is
 * asked for while it is being shown. Over plain http there are neither locks nor notifications.
 */
export async function inTurn(act: () => Promise<void>): Promise<void> {
  const locks: LockManager | undefined = globalThis.navigator?.locks;
  await (locks === undefined ? act() : locks.request("madang:notes", act));
}

/** The worker, if it is registered; another program at the same address may have a worker of its own. */
export async function findNoteWorker(): Promise<ServiceWorkerRegistration | undefined> {
  const registration = await globalThis.navigator?.serviceWorker?.getRegistration(script);
  return registration?.scope.endsWith(script) ? registration : undefined;
}

/** Closes all notifications, and removes the worker from the browser. */
export async function dismissNoteWorker(): Promise<void> {
  // A page over plain HTTP has neither a worker nor locks.
  const registration = await findNoteWorker();
  if (registration === undefined) return;
  await inTurn(async () => {
    for (const note of await registration.getNotifications()) note.close();
    await registration.unregister();
  });
}
