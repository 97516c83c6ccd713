import type { BrowserContext, Page } from "@playwright/test";
import { expect, test } from "../support/browser-fixtures";
import { ChatPage } from "../support/chat-page";
import { wholeBrowser } from "../support/chromium";
import { look } from "../support/look";
import { lookAway } from "../support/look-away";
import { clickNote, notesShown, workersOf } from "../support/notes";

/** The worker that shows notifications: only for readers who want them, and without effect on others. */

// The headless shell shows no notifications.
test.use({ launchOptions: wholeBrowser });

const permissions = ["notifications"];

async function enter(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await new ChatPage(page).name();
}

async function notesSwitch(page: Page) {
  await page.getByRole("button", { name: "Sound and notifications" }).click();
  return page.getByRole("switch", { name: "Notifications" });
}

/** Enters a room, turns notifications on, and looks away. */
async function awayFrom(context: BrowserContext, page: Page, url: string): Promise<void> {
  await enter(page, url);
  const notes = await notesSwitch(page);
  await notes.click();
  await expect(notes).toBeChecked();
  await page.keyboard.press("Escape");
  await expect.poll(() => context.serviceWorkers().length).toBe(1);
  await lookAway(page);
}

test("turning notifications on installs the worker, which controls no page; turning them off removes it with its notifications", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const other = await connect({ url: replica.url });
  await other.join("lobby");
  const { page } = await browserVisitor({ url: "about:blank", permissions });
  await awayFrom(page.context(), page, `${replica.url}/chat`);
  expect(await workersOf(page)).toEqual(["/note-worker.js"]);
  await other.say("lobby", "shown");
  await expect.poll(() => notesShown(page)).toMatchObject([{ body: "shown" }]);

  await page.reload();
  await new ChatPage(page).name();
  expect(await page.evaluate(() => navigator.serviceWorker.controller)).toBeNull();
  await expect.poll(() => notesShown(page), "looking at the room removes the notification").toEqual([]);
  await look(page, "hidden");
  await other.say("lobby", "shown again");
  await expect.poll(() => notesShown(page)).toMatchObject([{ body: "shown again" }]);
  const shown = await page.evaluateHandle(async () => {
    const [registration] = await navigator.serviceWorker.getRegistrations();
    return registration;
  });
  await (await notesSwitch(page)).click();
  await expect.poll(() => workersOf(page)).toEqual([]);
  expect(await shown.evaluate(async (gone) => (await gone?.getNotifications())?.length ?? 0)).toBe(0);
});

test("browsers accept the worker's script, and check whether it is still the newest", async ({
  startReplica,
}) => {
  const replica = await startReplica();
  const response = await fetch(`${replica.url}/note-worker.js`);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toMatch(/^(text|application)\/javascript/);
  expect(response.headers.get("cache-control"), "browsers always revalidate it").toBe("public, max-age=0");
  expect(response.headers.get("content-security-policy")).toContain("worker-src 'self'");
});

test("a click opens the room even when its tab is closed", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const other = await connect({ url: replica.url });
  const { room } = await other.must("room:create", { title: "Away" });
  await other.join(room.id);
  const { page: stays } = await browserVisitor({ url: `${replica.url}/rooms`, permissions });
  const context = stays.context();
  const page = await context.newPage();
  await awayFrom(context, page, `${replica.url}/chat/${room.id}`);
  await other.say(room.id, "are you there?");
  await expect.poll(() => notesShown(page)).toHaveLength(1);
  await page.close();
  expect(await clickNote(context)).toEqual([`new /chat/${room.id}`]);
  expect(await notesShown(stays)).toEqual([]);
});

test("a forgotten visitor leaves no notification and no worker behind", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const other = await connect({ url: replica.url });
  await other.join("lobby");
  const { page: stays } = await browserVisitor({ url: `${replica.url}/me`, permissions });
  const context = stays.context();
  const page = await context.newPage();
  await awayFrom(context, page, `${replica.url}/chat`);
  await other.say("lobby", "somebody's words");
  await expect.poll(() => notesShown(page)).toHaveLength(1);
  await page.close();
  await stays.getByRole("button", { name: "Forget me" }).click();
  await stays.getByRole("button", { name: "Forget me for good" }).click();
  await expect(stays.getByText("You’ve been forgotten.")).toBeVisible();
  await expect.poll(() => workersOf(stays)).toEqual([]);
});

test("the page says when a browser cannot notify: at once if that is known, else when the browser refuses the worker", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const { page: refusing } = await browserVisitor({ url: "about:blank", permissions });
  await refusing.addInitScript(() => {
    navigator.serviceWorker.register = () => Promise.reject(new DOMException("no", "SecurityError"));
  });
  await enter(refusing, `${replica.url}/chat`);
  const notes = await notesSwitch(refusing);
  await expect(notes).toHaveAccessibleDescription("");
  await notes.click();
  await expect(notes).toHaveAccessibleDescription(/can’t show notifications here.*home screen/);
  await expect(notes).not.toBeChecked();

  const { page: without } = await browserVisitor({ url: "about:blank", permissions });
  await without.addInitScript(() => {
    Reflect.deleteProperty(window, "Notification");
  });
  await enter(without, `${replica.url}/chat`);
  await expect(await notesSwitch(without)).toHaveAccessibleDescription(
    /can’t show notifications here.*home screen/,
  );
});
