import type { BrowserContext, Page } from "@playwright/test";
import { test as base, expect } from "./browser-fixtures";
import { ChatPage } from "./chat-page";
import { look } from "./look";
import { locksOf } from "./look-away";
import { tellTale } from "./tell-tale";
import type { WireVisitor } from "./wire-visitor";

/** The start of tests about alerts: others write in the lobby, and a browser may alert its visitor. */

export type Alert = "A soft knock" | "Notifications";

type Lobby = {
  url: string;
  /** A visitor over the wire that is in the lobby under this name. */
  other: WireVisitor;
  name: string;
  /** A browser whose pages record their sounds, and which may notify. It has not entered yet. */
  context: BrowserContext;
};

export const test = base.extend<{ lobby: Lobby }>({
  lobby: async ({ startReplica, browserVisitor, connect }, use) => {
    const replica = await startReplica();
    const other = await connect({ url: replica.url });
    const { name } = (await other.join("lobby")).self;
    const { page } = await browserVisitor({ url: "about:blank" });
    await tellTale(page.context());
    await use({ url: `${replica.url}/chat`, other, name, context: page.context() });
  },
});

export async function turnOn(page: Page, ...wanted: Alert[]): Promise<void> {
  await page.getByRole("button", { name: "Sound and notifications" }).click();
  for (const name of wanted) {
    const turned = page.getByRole("switch", { name });
    await turned.click();
    await expect(turned).toBeChecked();
  }
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
}

export async function enter(context: BrowserContext, url: string): Promise<ChatPage> {
  const chat = new ChatPage(await context.newPage());
  await chat.page.goto(url);
  await chat.name();
  return chat;
}

/** Two tabs in the lobby: `one` is hidden, and has the alerts turned on; the visitor looks at `two`. */
export async function enterTwice(
  { context, url }: Lobby,
  ...wanted: Alert[]
): Promise<{ one: ChatPage; two: ChatPage }> {
  const one = await enter(context, url);
  await turnOn(one.page, ...wanted);
  const two = await enter(context, url);
  await two.box.press("a");
  await look(one.page, "hidden");
  await expect
    .poll(() => locksOf(two.page), "both are ready")
    .toEqual(["madang:looks:lobby held", "madang:tells:lobby held", "madang:tells:lobby wanted"]);
  return { one, two };
}
