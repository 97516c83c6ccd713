import { expect, type Locator, type Page } from "@playwright/test";

/** The page about the visitor's own identity, by roles and names, in English. */
export class MePage {
  constructor(readonly page: Page) {}

  button(name: string): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  get note(): Locator {
    return this.page.locator(".change-note");
  }

  /** Resolves with this visitor's id once the page shows it. */
  async id(): Promise<string> {
    await expect(this.button("Copy your ID")).toBeVisible();
    return (await this.page.locator(".who code").textContent()) ?? "";
  }

  /** Makes a link for another device and resolves with its code. */
  async makeCode(): Promise<string> {
    await this.page.getByRole("button", { name: /^Make a (new )?link$/ }).click();
    const code = this.page.getByRole("definition").filter({ hasText: /^(\w{4}-){3}\w{4}$/ });
    await expect(code).toBeVisible();
    return (await code.textContent()) ?? "";
  }

  /** Opens a form if it is closed, fills it in and sends it. */
  async send(form: "Sign up" | "Log in", handle: string, password: string): Promise<void> {
    const field = this.page.getByRole("textbox", { name: "Handle" });
    if (!(await field.isVisible())) await this.button(form).click();
    await field.fill(handle);
    await this.page.getByLabel("Password").fill(password);
    await this.button(form).click();
  }
}

/** Another tab of the same browser. */
export async function openTab(page: Page, url: string): Promise<Page> {
  const tab = await page.context().newPage();
  await tab.goto(url);
  return tab;
}
