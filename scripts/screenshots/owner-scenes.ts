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
];
