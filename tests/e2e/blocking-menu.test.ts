import { axeFaults } from "../support/axe-faults";
import { expect, test } from "../support/browser-fixtures";
import { Keyboard } from "../support/keyboard";

/** Blocking is in a menu of its own, so a single press does not block. */

for (const [locale, words] of [
  ["en", { more: "More", block: "Block" }],
  ["ko", { more: "더보기", block: "차단" }],
  ["ja", { more: "その他", block: "ブロック" }],
] as const)
  test(`a visitor can block a partner and a request in the ⋯ menu, by keys, at 320 and 390 px, in ${locale}`, async ({
    startReplica,
    browserVisitor,
    connect,
  }) => {
    const replica = await startReplica();
    const prefix = locale === "en" ? "" : `/${locale}`;
    const { page } = await browserVisitor({
      url: `${replica.url}${prefix}/direct`,
      viewport: { width: 320, height: 700 },
    });
    const ownId = (await page.locator(".own-id code").textContent()) ?? "";
    const keys = new Keyboard(page);
    const item = page.getByRole("button", { name: words.block, exact: true });
    const pests = [await connect({ url: replica.url }), await connect({ url: replica.url })];
    for (const pest of pests) {
      const { room } = await pest.must("direct:open", { with: ownId });
      await pest.join(room.id);
      await pest.say(room.id, "buy this");
    }

    const requests = page.getByRole("main").getByRole("listitem").filter({ hasText: "buy this" });
    // Wait for both: a later request would move to the top.
    await expect(requests).toHaveCount(2);
    const more = requests.first().getByRole("button", { name: new RegExp(`^${words.more}`) });
    for (const width of [390, 320]) {
      await page.setViewportSize({ width, height: 700 });
      await more.focus();
      await keys.press("Enter");
      await keys.press("Tab");
      await keys.isAt(item);
      await expect(item).toBeInViewport({ ratio: 1 });
      expect(await axeFaults(page), `the menu of a request at ${width} px`).toEqual([]);
      await keys.press("Escape");
      await expect(item).toBeHidden();
      await keys.isAt(more);
    }
    await keys.press("Enter");
    await keys.press("Tab");
    await keys.press("Enter");
    await expect(requests).toHaveCount(1);
    await expect(page.locator("#requests")).toBeFocused();

    // The latest request is at the top, and is the blocked one.
    await page.goto(`${replica.url}${prefix}/direct/${pests[0]?.id}`);
    const inBar = page.locator(".pair-bar").getByRole("button", { name: words.more, exact: true });
    for (const width of [390, 320]) {
      await page.setViewportSize({ width, height: 700 });
      await inBar.focus();
      await keys.press("Enter");
      await keys.press("Tab");
      await keys.isAt(item);
      await expect(item).toBeInViewport({ ratio: 1 });
      expect(await axeFaults(page), `the menu of the partner at ${width} px`).toEqual([]);
      await keys.press("Escape");
      await keys.isAt(inBar);
    }
    await keys.press("Enter");
    await keys.press("Tab");
    await keys.press("Enter");
    const question = page.getByRole("main").getByRole("group");
    await expect(question).toBeVisible();
    await keys.choose(question.getByRole("button", { name: words.block, exact: true }));
    await expect(page.locator(".room-over > [tabindex]")).toBeFocused();
    await expect(inBar).toHaveCount(0);
  });
