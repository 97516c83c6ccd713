import type { Page } from "@playwright/test";
import { expect, test } from "../support/browser-fixtures";
import { ChatPage } from "../support/chat-page";

/** The page as assistive technology sees it: Chromium's own accessibility tree. */

type AxNode = {
  role: string;
  name: string;
  level: number | undefined;
  live: string | undefined;
  text: string;
};

type RawNode = {
  nodeId: string;
  ignored: boolean;
  role?: { value?: string };
  name?: { value?: string };
  properties?: { name: string; value: { value?: unknown } }[];
  childIds?: string[];
};

/** The nodes that are not ignored, in the page's order; `text` is everything that is read of a node and its children. */
async function tree(page: Page): Promise<AxNode[]> {
  const devTools = await page.context().newCDPSession(page);
  const { nodes } = (await devTools.send("Accessibility.getFullAXTree")) as { nodes: RawNode[] };
  const byId = new Map(nodes.map((node) => [node.nodeId, node]));
  const property = (node: RawNode, name: string) =>
    node.properties?.find((known) => known.name === name)?.value.value;
  const textOf = (node: RawNode): string[] =>
    node.role?.value === "StaticText" && !node.ignored
      ? [node.name?.value ?? ""]
      : (node.childIds ?? []).flatMap((id) => textOf(byId.get(id) ?? node));
  const walk = (node: RawNode): AxNode[] => [
    ...(node.ignored
      ? []
      : [
          {
            role: node.role?.value ?? "",
            name: node.name?.value ?? "",
            level: property(node, "level") as number | undefined,
            live: property(node, "live") as string | undefined,
            text: textOf(node).join(" ").replace(/\s+/g, " ").trim(),
          },
        ]),
    ...(node.childIds ?? []).flatMap((id) => walk(byId.get(id) ?? { ...node, childIds: [] })),
  ];
  return nodes[0] ? walk(nodes[0]) : [];
}

const of = (nodes: AxNode[], ...roles: string[]): AxNode[] =>
  nodes.filter(({ role }) => roles.includes(role));

test("the feed is a log whose messages read as author, time and text, each of them even alone", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const guest = await connect({ url: replica.url });
  const { self } = await guest.join("lobby");
  const { seq } = await guest.say("lobby", "who is there?");
  await guest.say("lobby", "anybody?");
  const { page } = await browserVisitor({
    url: `${replica.url}/chat`,
    viewport: { width: 1280, height: 740 },
  });
  const chat = new ChatPage(page);
  await chat.name();
  await chat.say("I am");
  await expect(page.locator(".message-own:not(.message-pending)")).toHaveCount(1);
  await guest.must("message:send", {
    room: "lobby",
    clientMessageId: "an-answer-1",
    text: "good",
    replyTo: seq,
  });
  await expect(chat.message("good")).toBeVisible();
  await expect(chat.feed).toHaveAttribute("aria-live", "polite");

  const nodes = await tree(page);
  const [log, ...others] = of(nodes, "log");
  expect(others).toEqual([]);
  expect(log).toMatchObject({ name: "Messages", live: "polite" });
  const time = String.raw`\d+:\d\d [AP]M`;
  const items = of(nodes, "listitem").map(({ text }) => text);
  for (const read of [
    /^Today$/,
    new RegExp(`^${self.name} joined$`),
    new RegExp(`^${self.name} ${time} who is there\\?$`),
    new RegExp(`^${self.name} ${time} anybody\\?$`),
    /^You joined$/,
    new RegExp(`^you ${time} I am$`),
    new RegExp(`^${self.name} ${time} Go to the message: Reply to ${self.name} who is there\\? good$`),
  ])
    expect(
      items.filter((text) => read.test(text)),
      `${read} among\n${items.join("\n")}`,
    ).toHaveLength(1);
});

test("every page has its landmarks, headings in order, and a name for each control", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const guest = await connect({ url: replica.url });
  await guest.join("lobby");
  await guest.say("lobby", "hello");
  const { page } = await browserVisitor({
    url: `${replica.url}/chat`,
    viewport: { width: 1280, height: 740 },
  });
  const chat = new ChatPage(page);
  const places = [
    "/chat",
    `/direct/${guest.id}`,
    "/rooms",
    "/direct",
    "/me",
    "/",
    "/posts/how-a-message-travels",
  ];
  for (const place of places) {
    await page.goto(`${replica.url}${place}`);
    if (place === "/chat" || place.startsWith("/direct/")) await chat.name();
    await page.waitForLoadState("networkidle");
    const nodes = await tree(page);
    expect(of(nodes, "banner"), place).toHaveLength(1);
    expect(of(nodes, "main"), place).toHaveLength(1);
    expect(
      of(nodes, "navigation").map(({ name }) => name),
      place,
    ).toEqual(expect.arrayContaining(["Site", "Language"]));
    const levels = of(nodes, "heading").map(({ level }) => level ?? 0);
    expect(levels[0], `${place}: the first heading is the page's`).toBe(1);
    expect(
      levels.filter((level) => level === 1),
      place,
    ).toHaveLength(1);
    for (const [index, level] of levels.entries())
      expect(level - (levels[index - 1] ?? 0), `${place}: ${levels}`).toBeLessThanOrEqual(1);
    const usable = of(nodes, "button", "link", "textbox", "checkbox", "log", "complementary", "dialog");
    expect(
      usable.filter(({ name, role }) => !name && role !== "complementary"),
      place,
    ).toEqual([]);
    if (place === "/chat") expect(of(nodes, "complementary", "status")).not.toHaveLength(0);
  }
});
