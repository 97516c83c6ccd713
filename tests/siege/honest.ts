import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { accepted, connectVisitor, type WireVisitor } from "../support/wire-visitor";
import { connectNewcomer } from "./newcomer";

/** What honest visitors experience: latencies in milliseconds, and what went wrong. */
export type Evidence = {
  deliveries: number[];
  arrivals: number[];
  pages: number[];
  acknowledged: number;
  /** Acknowledged, but never shown to the other visitor. */
  lost: number;
  /** The server's refusals, in its words. */
  refusals: string[];
};

/** Which of the honest visitors' rooms and messages are still there. */
export type Kept = { message: boolean; room: boolean; conversation: boolean };

const nothingSeen = (): Evidence => ({
  deliveries: [],
  arrivals: [],
  pages: [],
  acknowledged: 0,
  lost: 0,
  refusals: [],
});

type Site = { urls: readonly [string, string] };

const paceMs = 333;
const arrivalEveryMs = 500;
const pageEveryMs = 500;
/** A last message that has not been shown by then never will be. */
const settleMs = 10_000;
/** When to send a message again without a `retryAfterMs`. */
const againMs = 1_000;

const from = (address: string) => ({ headers: { "x-forwarded-for": address } });

async function signUp(url: string, { token }: WireVisitor, handle: string, address: string): Promise<string> {
  const answer = await fetch(`${url}/api/account/sign-up`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `Bearer ${token}`,
      "x-forwarded-for": address,
    },
    body: JSON.stringify({ handle, password: "a garden full of snails" }),
  });
  if (!answer.ok) throw new Error(`signing up was refused: ${await answer.text()}`);
  return ((await answer.json()) as { token: string }).token;
}

/**
 * Sends a message, and as the page does sends it once more under the same id if it was refused for now or not answered: one
 * refusal may come from a pause of the machine.
 */
async function sayPatiently(visitor: WireVisitor, text: string): Promise<void> {
  const draft = { room: "lobby", text, clientMessageId: randomUUID() };
  const first = await visitor.ask("message:send", draft).catch(() => undefined);
  if (first !== undefined && (first.ok || !first.error.retryable)) return void accepted(first);
  await pause(first?.error.retryAfterMs ?? againMs);
  accepted(await visitor.ask("message:send", draft));
}

/** A visitor with an account, so that the limits for newcomers do not apply. */
async function settle(url: string, handle: string, address: string): Promise<WireVisitor> {
  const first = await connectVisitor({ url, ...from(address) });
  const token = await signUp(url, first, handle, address);
  first.close();
  return connectVisitor({ url, token, ...from(address) });
}

/**
 * Two visitors who talk over both replicas, six messages a second; a newcomer twice a second; and a page load twice a
 * second.
 */
export class HonestVisitors {
  private evidence = nothingSeen();
  private newcomers = 0;
  private readonly sent = new Map<string, { at: number; isAcknowledged: boolean }>();

  private constructor(
    private readonly site: Site,
    private readonly pair: readonly [WireVisitor, WireVisitor],
    private readonly victim: WireVisitor,
  ) {}

  /** Makes a room, a conversation, and a message in the lobby. All of them must survive the siege. */
  static async arrive(site: Site): Promise<HonestVisitors> {
    const [one, other] = await Promise.all([
      settle(site.urls[0], "Gardener", "198.51.100.1"),
      settle(site.urls[1], "Beekeeper", "198.51.101.1"),
    ]);
    const visitors = new HonestVisitors(site, [one, other], one);
    await Promise.all([one.join("lobby"), other.join("lobby")]);
    await one.must("room:create", { room: "gardening", title: "Gardening" });
    for (const visitor of [one, other]) {
      await visitor.join("gardening");
      await visitor.say("gardening", "how are the roses?");
    }
    const { room } = await other.must("direct:open", { with: one.id });
    await one.must("direct:open", { with: other.id });
    for (const visitor of [other, one]) {
      await visitor.join(room.id);
      await visitor.say(room.id, "a word between us");
    }
    await one.say("lobby", "said before the siege");
    visitors.listen();
    return visitors;
  }

  /** The visitor whose list of conversations an attacker may try to fill. */
  get victimId(): string {
    return this.victim.id;
  }

  /** Talks, connects and loads pages for so many seconds, whether or not there is an attack. */
  async live(seconds: number): Promise<Evidence> {
    this.evidence = nothingSeen();
    this.sent.clear();
    const endsAt = performance.now() + seconds * 1_000;
    await Promise.all([
      ...this.pair.map((visitor) => this.every(paceMs, endsAt, () => this.say(visitor))),
      this.every(arrivalEveryMs, endsAt, () => this.comeIn()),
      this.every(pageEveryMs, endsAt, () => this.loadPage()),
    ]);
    const unseen = () => [...this.sent.values()].filter(({ isAcknowledged }) => isAcknowledged);
    const all = this.pair.map((visitor) =>
      visitor.waitFor("all messages", () => unseen().length === 0, settleMs).catch(() => undefined),
    );
    await Promise.all(all);
    return { ...this.evidence, lost: unseen().length };
  }

  /** Looks which of the earlier rooms and messages are left. */
  async lookBack(): Promise<Kept> {
    const [one, other] = this.pair;
    const { rooms } = await one.must("room:list", {});
    const { conversations } = await one.must("direct:list", {});
    return {
      message: await this.finds("said before the siege"),
      room: rooms.some(({ id }) => id === "gardening"),
      conversation: conversations.some(({ partner }) => partner.id === other.id),
    };
  }

  leave(): void {
    for (const visitor of this.pair) visitor.close();
  }

  /** Acts at each interval, whether or not the previous call has ended. */
  private async every(ms: number, endsAt: number, act: () => Promise<void>): Promise<void> {
    const running: Promise<void>[] = [];
    while (performance.now() < endsAt) {
      running.push(act());
      await new Promise((resolve) => setTimeout(resolve, ms));
    }
    await Promise.all(running);
  }

  private listen(): void {
    for (const [index, visitor] of this.pair.entries())
      visitor.socket.on(
        "feed:appended",
        ({ room, entries }: { room: string; entries: { text?: string }[] }) => {
          if (room !== "lobby") return;
          for (const { text = "" } of entries) this.shown(text, index);
        },
      );
  }

  /** `reader`: the index of the visitor that has received the text. */
  private shown(text: string, reader: number): void {
    const sent = this.sent.get(text);
    if (sent === undefined || text.startsWith(`${reader} `)) return;
    this.sent.delete(text);
    this.evidence.deliveries.push(performance.now() - sent.at);
  }

  private async say(visitor: WireVisitor): Promise<void> {
    const text = `${this.pair.indexOf(visitor)} ${performance.now()}`;
    const sent = { at: performance.now(), isAcknowledged: false };
    this.sent.set(text, sent);
    try {
      await sayPatiently(visitor, text);
      this.evidence.acknowledged += 1;
      sent.isAcknowledged = true;
    } catch (error) {
      this.sent.delete(text);
      this.refused("a message", error);
    }
  }

  private async comeIn(): Promise<void> {
    const number = this.newcomers++;
    const startedAt = performance.now();
    const url = this.site.urls[number % 2] ?? "";
    try {
      const { visitor } = await connectNewcomer({
        url,
        ...from(`192.0.${number % 250}.${1 + (number % 200)}`),
      });
      await visitor.join("lobby");
      this.evidence.arrivals.push(performance.now() - startedAt);
      visitor.close();
    } catch (error) {
      this.refused("a newcomer", error);
    }
  }

  private async loadPage(): Promise<void> {
    const startedAt = performance.now();
    try {
      const answer = await fetch(`${this.site.urls[0]}/chat`, { signal: AbortSignal.timeout(settleMs) });
      await answer.text();
      if (!answer.ok) throw new Error(`${answer.status}`);
      this.evidence.pages.push(performance.now() - startedAt);
    } catch (error) {
      this.refused("a page", error);
    }
  }

  private refused(what: string, error: unknown): void {
    this.evidence.refusals.push(`${what}: ${error instanceof Error ? error.message : error}`);
  }

  private async finds(text: string): Promise<boolean> {
    const [one] = this.pair;
    for (let before: number | undefined; ; ) {
      const page = await one.must("history:read", {
        room: "lobby",
        limit: 200,
        ...(before === undefined ? {} : { before }),
      });
      if (page.entries.some((entry) => entry.kind === "message" && entry.text === text)) return true;
      before = page.entries[0]?.seq;
      if (!page.more || before === undefined) return false;
    }
  }
}
