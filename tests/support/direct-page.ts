import type { Locator, Page } from "@playwright/test";
import { ChatPage } from "./chat-page";

/** The list of conversations and one conversation, through their roles and names, in English. */
export class DirectPage extends ChatPage {
  /** The row of one partner in the list. */
  row(name: string): Locator {
    return this.page
      .getByRole("list", { name: "Your conversations" })
      .getByRole("listitem")
      .filter({ hasText: name });
  }

  /** The row of a visitor that requests a conversation, in the separate list of requests. */
  request(name: string): Locator {
    return this.page
      .getByRole("list", { name: /request/ })
      .getByRole("listitem")
      .filter({ hasText: name });
  }

  async answer(name: string): Promise<void> {
    await this.request(name)
      .getByRole("link", { name: /^Answer/ })
      .click();
  }

  /** Asks to block the partner of the open conversation. */
  async openBlocking(): Promise<void> {
    await this.page.getByRole("button", { name: "More", exact: true }).click();
    await this.page.getByRole("button", { name: "Block", exact: true }).click();
  }

  /** The partner's name, as the page's heading. */
  partner(name: string): Locator {
    return this.page.getByRole("heading", { level: 1, name, exact: true });
  }

  /** "here now" or "away", beside the partner's name. */
  get presence(): Locator {
    return this.page.getByRole("main").getByText(/^(here now|away)$/);
  }

  get headerLink(): Locator {
    return siteLink(this.page, /^Conversations/);
  }

  async openRow(name: string): Promise<void> {
    await this.row(name).getByRole("link").click();
  }

  /** Opens a conversation with the visitor that has this id. */
  async begin(id: string): Promise<void> {
    await this.page.getByRole("textbox", { name: "Someone’s ID" }).fill(id);
    await this.page.getByRole("button", { name: "Talk", exact: true }).click();
  }
}

const siteLink = (page: Page, name: RegExp): Locator =>
  page.getByRole("navigation", { name: "Site" }).getByRole("link", { name });
