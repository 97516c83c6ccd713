import type { Page } from "@playwright/test";
import type { Stage } from "./stage";

/** One picture: the address of its page, and the steps to take there first. */
export type Scene = {
  name: string;
  path: (stage: Stage) => string;
  /** The widest screen on which the scene exists. */
  maxWidth?: number;
  /** The owner takes this picture, not the usual visitor. */
  asOwner?: boolean;
  prepare?: (page: Page, stage: Stage) => Promise<void>;
};

const box = (page: Page) => page.locator("main textarea");

async function enter(page: Page): Promise<void> {
  await page.locator("main .composer .member-name").waitFor();
}

async function say(page: Page, text: string): Promise<void> {
  await box(page).fill(text);
  await box(page).press("Enter");
  await page.getByRole("log").getByText(text, { exact: true }).waitFor();
}

async function talkInLobby(page: Page, { talk }: Stage): Promise<void> {
  await enter(page);
  if ((await page.getByText(talk.own[1], { exact: true }).count()) > 0) return;
  for (const text of talk.own) await say(page, text);
}

const at = (path: string) => () => path;

export const visitorScenes: readonly Scene[] = [
  { name: "home", path: at("/") },
  { name: "post", path: at("/posts/a-courtyard-for-a-blog") },
  {
    name: "post-room",
    path: at("/posts/how-a-message-travels"),
    async prepare(page, { talk }) {
      await page.locator("button[aria-expanded]").click();
      await page.locator("dialog .composer .member-name").waitFor();
      if ((await page.getByText(talk.own[0], { exact: true }).count()) > 0) return;
      await page.locator("dialog textarea").fill(talk.own[0]);
      await page.locator("dialog textarea").press("Enter");
      await page.getByRole("log").getByText(talk.own[0], { exact: true }).waitFor();
    },
  },
  { name: "privacy", path: at("/privacy") },
  {
    name: "rooms",
    path: at("/rooms"),
    prepare: async (page) => void (await page.getByRole("main").getByRole("listitem").first().waitFor()),
  },
  { name: "lobby", path: at("/chat"), prepare: talkInLobby },
  {
    name: "tools",
    path: at("/chat"),
    async prepare(page, stage) {
      await talkInLobby(page, stage);
      await page.locator(".message-own").last().focus();
    },
  },
  {
    name: "reply",
    path: at("/chat"),
    async prepare(page, stage) {
      await talkInLobby(page, stage);
      await page.locator(".message:not(.message-own)").last().focus();
      await page.locator(".message:not(.message-own) .message-tools button:visible").first().click();
      await box(page).fill(stage.talk.own[0]);
    },
  },
  {
    name: "report",
    path: at("/chat"),
    async prepare(page, stage) {
      await talkInLobby(page, stage);
      await page.locator(".message:not(.message-own)").last().focus();
      await page.locator(".message:not(.message-own) .message-tools button:visible").nth(3).click();
      await page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "members",
    path: at("/chat"),
    maxWidth: 900,
    async prepare(page) {
      await enter(page);
      await page.locator(".members-button").click();
      await page.locator("dialog[open]").waitFor();
    },
  },
  {
    name: "name",
    path: at("/chat"),
    async prepare(page) {
      await enter(page);
      await page.locator(".name-button").click();
      await page.locator("dialog[open] input").waitFor();
    },
  },
  { name: "new-room", path: at("/chat/night-owls"), prepare: enter },
  {
    name: "no-room",
    path: at("/chat/nobody-made-it"),
    prepare: async (page) => void (await page.locator(".room-missing").waitFor()),
  },
  {
    name: "pair",
    path: ({ partner }) => `/direct/${partner.id}`,
    async prepare(page, { talk, partner }) {
      await enter(page);
      if ((await page.getByText(talk.direct[0], { exact: true }).count()) > 0) return;
      await say(page, talk.direct[0]);
      const { room } = await partner.event("direct:changed");
      await partner.join(room);
      await partner.say(room, talk.direct[1]);
      await page.getByRole("log").getByText(talk.direct[1], { exact: true }).waitFor();
    },
  },
  {
    name: "conversations",
    path: at("/direct"),
    prepare: async (page) => void (await page.getByRole("main").getByRole("listitem").first().waitFor()),
  },
  {
    name: "me",
    path: at("/me"),
    async prepare(page) {
      await page.locator("#device-title ~ .me-actions button").click();
      await page.locator(".qr-code").waitFor();
    },
  },
  { name: "claim", path: at("/me/claim#K7QM-34XA-K7QM-34XA") },
  { name: "nowhere", path: at("/nowhere") },
];
