import { type ChatLink, connectionEnded, openChat } from "./chat-link";
import { type Finding, right, unknown, wrong } from "./finding";
import { mends } from "./mends";

/** No site can have this name: `.invalid` is reserved (RFC 2606). */
const foreignOrigin = "https://doctor.invalid";

/** Asks for the upgrade as a page of the site does. */
export async function checkUpgrade(site: URL): Promise<Finding> {
  const opened = await openChat(site, site.origin);
  if (opened.is === "failed") return wrong(`no WebSocket is opened: ${opened.reason}`, mends.upgrade);
  if (opened.is === "open") {
    opened.link.close();
    return opened.first.startsWith("0{")
      ? right("a WebSocket is opened")
      : wrong("a WebSocket is opened, but not by Madang", mends.upgrade);
  }
  const { status } = opened;
  if (status === 403)
    return wrong(
      "pages of the site itself may not connect (403): the Host or the scheme is changed on the way",
      mends.host,
    );
  if (status === 429 || status === 503)
    return wrong(
      `the upgrade is answered with ${status}: too many connections, or no replica that takes any`,
    );
  return wrong(`the upgrade is not passed on: it is answered with ${status}`, mends.upgrade);
}

export async function checkOrigin(site: URL): Promise<Finding> {
  const opened = await openChat(site, foreignOrigin);
  if (opened.is === "open") {
    opened.link.close();
    return wrong(
      "pages of other sites may connect: the Origin does not reach the server as it was sent",
      mends.origin,
    );
  }
  if (opened.is === "refused" && opened.status === 403) return right("pages of other sites may not connect");
  const reason = opened.is === "refused" ? `it is answered with ${opened.status}` : opened.reason;
  return unknown(`whether pages of other sites may connect could not be tried: ${reason}`);
}

/** Holds a connection, and answers the server's pings. Becomes a visitor at once: the server ends a connection that does not. */
export async function checkIdle(site: URL, seconds: number): Promise<Finding> {
  const opened = await openChat(site, site.origin);
  if (opened.is !== "open") return unknown("how long a connection lives could not be tried: none is opened");
  const { link } = opened;
  const began = Date.now();
  const refusal = await link.enter();
  // A connection that is cut before it has entered counts as cut, too.
  if (refusal !== undefined && refusal !== connectionEnded) {
    link.close();
    return unknown(`how long a connection lives could not be tried: ${refusal}`);
  }
  const end = await Promise.race([
    link.ended,
    new Promise<undefined>((resolve) => setTimeout(resolve, seconds * 1_000)),
  ]);
  link.close();
  if (end === undefined) return right(`a connection lives for ${seconds} s and longer`);
  const lived = ((Date.now() - began) / 1_000).toFixed(1);
  if (end === "closed")
    return unknown(
      `the server ended a connection after ${lived} s, as it does when it is stopped: look again when it runs`,
    );
  return wrong(`a connection is cut after ${lived} s: a proxy's time-out`, mends.idle);
}

/** Measures how long typing on one replica takes to reach another. Members of the lobby see both visitors. */
export async function checkRelay(one: URL, other: URL): Promise<Finding> {
  const links: ChatLink[] = [];
  try {
    for (const site of [one, other]) {
      const opened = await openChat(site, site.origin);
      if (opened.is !== "open") return wrong(`no second WebSocket is opened over ${site.host}`);
      links.push(opened.link);
      const refusal = await opened.link.enter();
      if (refusal !== undefined) return untried(refusal);
      const refused = refusalIn(await opened.link.ask("room:join", { room: "lobby" }));
      if (refused !== undefined) return untried(refused);
    }
    const [typist, reader] = links as [ChatLink, ChatLink];
    // Listen before sending the command; if the command is refused, do not wait for the event.
    const seen = reader
      .next((name) => name === "typing:changed")
      .then(
        () => true,
        () => false,
      );
    const began = performance.now();
    const refused = refusalIn(await typist.ask("typing:set", { room: "lobby", typing: true }));
    if (refused !== undefined) return untried(refused);
    if (!(await seen))
      return wrong("what happens on one replica is not seen on the other: they do not share a store", {
        Madang: "REDIS_URL and REDIS_PREFIX, the same on both",
      });
    return right(
      `what happens over one connection is seen over the other within ${(performance.now() - began).toFixed(0)} ms`,
    );
  } catch (error) {
    return untried((error as Error).message);
  } finally {
    for (const link of links) link.close();
  }
}

const untried = (reason: string): Finding =>
  unknown(`the way between replicas could not be tried: ${reason}`);

/** The error of a refused command; undefined if the command was carried out. */
function refusalIn(answer: unknown): string | undefined {
  const { ok, error = "without a reason" } = Object(answer) as { ok?: unknown; error?: unknown };
  return ok === true ? undefined : JSON.stringify(error);
}
