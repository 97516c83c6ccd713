import type { BrowserContext, Page } from "@playwright/test";

/** A notification that the browser shows. */
export type ShownNote = { title: string; body: string; tag: string };

/**
 * All notifications that this site shows in this browser, from any tab. It asks in turn with the pages (`inTurn` in
 * note-worker.ts): asking while one is being shown would make Chromium forget it.
 */
export const notesShown = (page: Page): Promise<ShownNote[]> =>
  page.evaluate(() =>
    navigator.locks.request("madang:notes", async () => {
      const registrations = await navigator.serviceWorker.getRegistrations();
      const shown = await Promise.all(registrations.map((registration) => registration.getNotifications()));
      return shown.flat().map(({ title, body, tag }) => ({ title, body, tag }));
    }),
  );

export const workersOf = (page: Page): Promise<string[]> =>
  page.evaluate(async () =>
    (await navigator.serviceWorker.getRegistrations()).map(({ scope }) => new URL(scope).pathname),
  );

/**
 * Clicks the only notification, and resolves with where it leads: `tab ADDRESS` or `new ADDRESS`. Only a person's click
 * may move the focus, so only that is simulated; the worker asks the browser which tabs there are.
 */
export async function clickNote(context: BrowserContext): Promise<string[]> {
  const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent("serviceworker"));
  return worker.evaluate(`(async () => {
    const led = [];
    const path = (address) => new URL(address, location.href).pathname;
    WindowClient.prototype.focus = async function () { led.push("tab " + path(this.url)); };
    Clients.prototype.openWindow = async (address) => { led.push("new " + path(address)); };
    const [notification] = await registration.getNotifications();
    const click = new NotificationEvent("notificationclick", { notification });
    let work;
    click.waitUntil = (given) => { work = given; };
    self.dispatchEvent(click);
    await work;
    return led;
  })()`);
}
