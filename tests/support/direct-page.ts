import type { Locator, Page } from "@playwright/test";
import { ChatPage } from "./chat-page";

/** The list of conversations, and one of them, as a person finds them: by roles and names, in English. */
export class DirectPage extends ChatPage {
  /** The row of one partner in the list. */
  row(name: string): Locator {
    return this.page
      .getByRole("list", { name: "Your conversations" })
      .getByRole("listitem")
      .filter({ hasText: name });
  }

  /** Who asks to talk, in the list apart. */
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

  /** The name of the partner with whom one talks, as the page's heading. */
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

  /** Asks to talk with whoever has this id. */
  async begin(id: string): Promise<void> {
    await this.page.getByRole("textbox", { name: "Somebody’s id" }).fill(id);
    await this.page.getByRole("button", { name: "Talk", exact: true }).click();
  }
}

const siteLink = (page: Page, name: RegExp): Locator =>
  page.getByRole("navigation", { name: "Site" }).getByRole("link", { name });
