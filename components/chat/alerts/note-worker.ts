/** The way to public/note-worker.js, through which this site's notifications are shown and found again. */

const script = "/note-worker.js";

/** Nobody's notifications here are shown by a page itself: a phone's browser would not let it. */
export const canNotify = (): boolean =>
  "Notification" in window &&
  "serviceWorker" in navigator &&
  "showNotification" in ServiceWorkerRegistration.prototype;

/** Resolves when it can show. Rejects where the browser keeps no workers, and without a network at the first time. */
export async function openNoteWorker(): Promise<ServiceWorkerRegistration> {
  // For its own address only: no page is under it, so it delays none and an old one keeps none.
  const registration = await navigator.serviceWorker.register(script, { scope: script });
  const coming = registration.installing ?? registration.waiting;
  if (coming && !registration.active) await activated(coming);
  else if (!isCompared) registration.update().catch(() => {});
  isCompared = true;
  return registration;
}

/** With the site's, once a page: no page is under the worker, so nothing else would make the browser look for a newer one. */
let isCompared = false;

const activated = (worker: ServiceWorker): Promise<void> =>
  new Promise((resolve, reject) => {
    worker.addEventListener("statechange", () => {
      if (worker.state === "activated") resolve();
      if (worker.state === "redundant") reject(new Error("the worker for notifications did not start"));
    });
  });

/** The worker if there is one; another program at the same address may have its own. */
export async function findNoteWorker(): Promise<ServiceWorkerRegistration | undefined> {
  const registration = await globalThis.navigator?.serviceWorker?.getRegistration(script);
  return registration?.scope.endsWith(script) ? registration : undefined;
}

/** Nothing is shown any more, and nothing of it is left in the browser. */
export async function dismissNoteWorker(): Promise<void> {
  const registration = await findNoteWorker();
  for (const note of (await registration?.getNotifications()) ?? []) note.close();
  await registration?.unregister();
}
