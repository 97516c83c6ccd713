import { axeFaults } from "../support/axe-faults";
import { expect, test } from "../support/browser-fixtures";
import { ChatPage } from "../support/chat-page";

/** The parts of the chat page that open on demand, in the room of an owner. */

// With animations, as most visitors see them.
test.use({ reducedMotion: "no-preference" });

for (const width of [360, 1280])
  test(`axe finds nothing while a name is changed, a message removed, a room closed, at ${width} px`, async ({
    startReplica,
    browserVisitor,
    connect,
  }) => {
    const replica = await startReplica();
    const viewport = { width, height: 740 };
    const { page } = await browserVisitor({ url: `${replica.url}/rooms`, viewport });
    await page.getByRole("textbox", { name: "Name a new room" }).fill("Quiet");
    await page.getByRole("button", { name: "Create room" }).click();
    const chat = new ChatPage(page);
    await chat.name();
    const room = new URL(page.url()).pathname.split("/").at(-1) ?? "";
    const guest = await connect({ url: replica.url });
    await guest.join(room);
    await guest.say(room, "said by a guest");

    await page.getByRole("button", { name: "Change your name" }).click();
    const field = page.getByRole("textbox", { name: "Choose a name" });
    await field.fill("Admin");
    await field.press("Enter");
    await expect(field).toHaveAccessibleDescription(/can’t be used/);
    expect(await axeFaults(page), "the name").toEqual([]);
    await page.keyboard.press("Escape");

    await guest.must("typing:set", { room, typing: true });
    await expect(page.getByText(/ is typing$/)).toBeVisible();
    await chat.message("said by a guest").hover();
    await page.getByRole("button", { name: "Remove" }).click();
    await expect(page.getByRole("button", { name: "Keep it" })).toBeFocused();
    expect(await axeFaults(page), "the removal, and a member types").toEqual([]);
    await page.getByRole("group").getByRole("button", { name: "Remove" }).click();
    await chat.notice("Message removed");
    expect(await axeFaults(page), "the removed message").toEqual([]);

    await chat.box.fill("not yet said");
    await page.getByRole("button", { name: "More", exact: true }).click();
    await page.getByRole("button", { name: "Close this room" }).click();
    await expect(page.getByRole("button", { name: "Leave it open" })).toBeFocused();
    expect(await axeFaults(page), "the closing").toEqual([]);
    await page.getByRole("group").getByRole("button", { name: "Close this room" }).click();
    await expect(page.getByRole("textbox", { name: "Your unsent message" })).toBeVisible();
    expect(await axeFaults(page), "the closed room").toEqual([]);
  });
