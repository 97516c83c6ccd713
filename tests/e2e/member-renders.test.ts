import type { Page } from "@playwright/test";
import { expect, test } from "../support/browser-fixtures";
import { ChatPage } from "../support/chat-page";

/** What React gives the tools of developers, as far as this test reads it. */
type Fiber = {
  memoizedProps: { member?: { name: string }; isSelf?: boolean } | null;
  flags: number;
  alternate: Fiber | null;
  child: Fiber | null;
  sibling: Fiber | null;
};
type Root = { current: Fiber };
type Counting = typeof globalThis & { rendered: string[]; __REACT_DEVTOOLS_GLOBAL_HOOK__: object };

/** Notes the member of each row of the list whose function React has run. */
function noteRenders(): void {
  /** React's flag of a component that did not keep its last result. */
  const performedWork = 1;
  const page = globalThis as Counting;
  page.rendered = [];
  const walk = (fiber: Fiber, before: Fiber | null) => {
    // The same children: nothing below was looked at.
    if (before !== null && fiber.child === before.child) return;
    for (let child = fiber.child; child !== null; child = child.sibling) {
      const { member, isSelf } = child.memoizedProps ?? {};
      const isRow = member !== undefined && isSelf !== undefined;
      if (isRow && (child.flags & performedWork) !== 0) page.rendered.push(member.name);
      walk(child, child.alternate);
    }
  };
  page.__REACT_DEVTOOLS_GLOBAL_HOOK__ = {
    supportsFiber: true,
    inject: () => 1,
    onCommitFiberRoot: (_: number, { current }: Root) => walk(current, current.alternate),
    onCommitFiberUnmount: () => undefined,
    onPostCommitFiberRoot: () => undefined,
  };
}

/** The members whose rows were rendered since the last time. */
const rendered = (page: Page) => page.evaluate(() => (globalThis as Counting).rendered.splice(0).sort());

test("a member that comes, is renamed or writes causes no other row of the members' list to be rendered", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const { page } = await browserVisitor({ url: "about:blank" });
  await page.addInitScript(noteRenders);
  await page.goto(`${replica.url}/chat`);
  const chat = new ChatPage(page);
  await chat.name();
  const rows = page.getByRole("list", { name: "Members" }).getByRole("listitem");
  for (let count = 2; count <= 4; count += 1) {
    await (await connect({ url: replica.url })).join("lobby");
    await expect(rows).toHaveCount(count);
  }
  expect(await rendered(page), "the rows are seen").not.toEqual([]);

  const late = await connect({ url: replica.url });
  const { name } = (await late.join("lobby")).self;
  await expect(rows).toHaveCount(5);
  expect(await rendered(page)).toEqual([name]);

  await late.must("name:change", { room: "lobby", name: "Late Heron" });
  await expect(rows.filter({ hasText: "Late Heron" })).toHaveCount(1);
  expect(await rendered(page)).toEqual(["Late Heron"]);

  await late.say("lobby", "hello");
  await expect(chat.message("hello")).toBeVisible();
  expect(await rendered(page)).toEqual([]);
});
