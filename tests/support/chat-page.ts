import { expect, type Locator, type Page } from "@playwright/test";

/** The chat page through its roles and names, in English. */
export class ChatPage {
  constructor(readonly page: Page) {}

  get feed(): Locator {
    return this.page.getByRole("log", { name: "Messages" });
  }

  get box(): Locator {
    return this.page.getByRole("textbox", { name: "Message", exact: true });
  }

  get sendButton(): Locator {
    return this.page.getByRole("button", { name: "Send", exact: true });
  }

  private get nameLine(): Locator {
    // The dialog in which the name can be changed shows the same text, as a status.
    return this.page.getByText(/^You are /).and(this.page.locator(":not([role=status] *)"));
  }

  /** A message in the feed, by its text. */
  message(text: string): Locator {
    return this.feed.getByText(text, { exact: true });
  }

  /** The same once the server has stored it: from then on it can be reached by arrow keys, answered and removed. */
  entry(text: string): Locator {
    return this.feed.locator("li[data-seq]").filter({ has: this.page.getByText(text, { exact: true }) });
  }

  /** Resolves with this visitor's name once it is in the room. */
  async name(): Promise<string> {
    await expect(this.nameLine).toBeVisible();
    return ((await this.nameLine.textContent()) ?? "").replace(/^You are /, "").trim();
  }

  /** Waits until this visitor is in the room: before, the box accepts text, but Enter begins a new line. */
  async say(text: string): Promise<void> {
    await expect(this.nameLine).toBeVisible();
    await this.box.fill(text);
    await this.box.press("Enter");
  }

  /** Waits until the feed shows a notice such as "Brave Otter joined". */
  async notice(text: string): Promise<void> {
    await expect(this.feed.getByText(text)).toBeVisible();
  }
}
