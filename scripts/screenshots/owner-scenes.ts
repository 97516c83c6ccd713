import type { Page } from "@playwright/test";
import { sections } from "../../components/owner/sections";
import { ownerKey } from "../../tests/support/owner";
import type { Scene } from "./scenes";

/** The lists, the figure and the forms of the owner's page. */
const content = "section :is(ul, figure, form)";

async function signIn(page: Page): Promise<void> {
  if (
    (await page
      .locator("nav a[href='#reports']")
      .or(page.locator("#owner-key"))
      .first()
      .getAttribute("id")) === null
  )
    return;
  await page.locator("#owner-key").fill(ownerKey);
  await page.locator("#owner-key").press("Enter");
  await page.locator("nav a[href='#reports']").waitFor();
}

/** Opens the chat as the owner, with the tools of another visitor's newest message. */
async function openChat(page: Page): Promise<void> {
  await signIn(page);
  await page.goto(page.url().replace(/\/owner.*$/, "/chat"));
  await page.locator("main .composer .member-name").waitFor();
  await page.locator(".message:not(.message-own)").last().focus();
}

/** Opens the sheet of the message's author: the tool after those for the reply, the link and hiding. */
async function openTools(page: Page): Promise<void> {
  await openChat(page);
  await page.locator(".message:not(.message-own) .message-tools button:visible").nth(3).click();
  await page.getByRole("dialog").waitFor();
}

const inChat = (name: string, prepare: (page: Page) => Promise<void>): Scene => ({
  name,
  asOwner: true,
  path: () => "/owner#reports",
  prepare,
});

export const ownerScenes: readonly Scene[] = [
  {
    name: "owner-sign-in",
    path: () => "/owner",
    prepare: async (page) => void (await page.locator("#owner-key").waitFor()),
  },
  ...sections.map(
    (section): Scene => ({
      name: `owner-${section}`,
      asOwner: true,
      path: () => `/owner#${section}`,
      async prepare(page) {
        await signIn(page);
        if (section === "visitors") {
          await page.locator("#owner-visitor").fill("a");
          await page.locator("#owner-visitor").press("Enter");
        }
        await page.locator(content).first().waitFor();
      },
    }),
  ),
  {
    name: "owner-visitor",
    asOwner: true,
    path: () => "/owner#reports",
    async prepare(page) {
      await signIn(page);
      await page.locator("section li a[href^='#visitors=']").first().click();
      await page.locator("section dl").waitFor();
    },
  },
  {
    name: "owner-tools",
    asOwner: true,
    path: () => "/owner#reports",
    async prepare(page) {
      await signIn(page);
      await page.locator("section li button").last().click();
      await page.getByRole("dialog").waitFor();
    },
  },
  inChat("chat-message-tools", openChat),
  inChat("chat-tools", openTools),
  inChat("chat-undo", async (page) => {
    await openTools(page);
    await page.getByRole("dialog").locator(".mute-times button").first().click();
    await page.locator(".undo-line").waitFor();
  }),
  inChat("chat-settings", async (page) => {
    await openChat(page);
    await page.locator(".more-button").first().click();
    await page.locator(".more-menu button").first().click();
    await page.locator(".room-settings").waitFor();
  }),
];
