import { axeFaults } from "../support/axe-faults";
import { expect, test } from "../support/browser-fixtures";
import { ChatPage } from "../support/chat-page";
import { tellTale } from "../support/tell-tale";

/** A reader's own settings: hidden visitors, and alerts. */

// With animations, as most visitors see them.
test.use({ reducedMotion: "no-preference" });

for (const width of [360, 1280])
  test(`axe finds nothing with a hidden visitor and refused notifications, at ${width} px`, async ({
    startReplica,
    browserVisitor,
    connect,
  }) => {
    const replica = await startReplica();
    const rude = await connect({ url: replica.url });
    const { name } = (await rude.join("lobby")).self;
    await rude.say("lobby", "rude, see https://example.com and `code`");
    const { page } = await browserVisitor({
      url: "about:blank",
      viewport: { width, height: 740 },
    });
    await tellTale(page.context(), "denied");
    await page.goto(`${replica.url}/chat`);
    const chat = new ChatPage(page);
    await chat.name();
    await chat.feed.getByText(/^rude/).hover();
    await chat.feed.getByRole("button", { name: `Hide messages from ${name}` }).click();
    await chat.feed.getByText(/^1 hidden message/).click();
    await expect(chat.feed.getByText(/^rude/)).toBeVisible();
    expect(await axeFaults(page), "the hidden message, opened").toEqual([]);
    if (width === 360) {
      await page.getByRole("button", { name: /here now$/ }).click();
      await expect(page.getByRole("dialog").getByRole("listitem")).toHaveCount(2);
      expect(await axeFaults(page), "the members").toEqual([]);
      await page.keyboard.press("Escape");
    }
    await page.getByRole("button", { name: "Sound and notifications" }).click();
    const notes = page.getByRole("switch", { name: "Notifications" });
    await notes.click();
    await expect(notes).toHaveAccessibleDescription(/Allow them in/);
    await page.getByRole("switch", { name: "A soft knock" }).click();
    expect(await axeFaults(page), "the settings").toEqual([]);
  });
