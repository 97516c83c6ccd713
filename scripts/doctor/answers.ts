import { type Finding, wrong } from "./finding";
import { mends } from "./mends";

const answerMs = 10_000;
/** No answer that the doctor reads is as long. */
const mostBytes = 65_536;

/** What a request came to. `redirect`: `to` is where it leads. `none`: in words for a person. */
export type Answer =
  | { is: "answer"; status: number; headers: Headers; text: string }
  | { is: "redirect"; status: number; to: string }
  | { is: "none"; reason: string };

/** Asks as a browser does, and follows no redirect. Never rejects. */
export async function ask(site: URL, path: string): Promise<Answer> {
  const url = new URL(path, site);
  try {
    const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(answerMs) });
    const { status, headers } = response;
    const location = headers.get("location");
    if (status >= 300 && status < 400 && location !== null) {
      await response.body?.cancel();
      return { is: "redirect", status, to: targetOf(location, url) };
    }
    return { is: "answer", status, headers, text: await beginningOf(response) };
  } catch (error) {
    return { is: "none", reason: reasonOf(error as Error) };
  }
}

async function beginningOf({ body }: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  // Breaking off cancels the rest.
  for await (const piece of (body ?? []) as AsyncIterable<Uint8Array>) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes > mostBytes) break;
  }
  return Buffer.concat(pieces).toString();
}

/** The address to give instead, when it differs by its beginning only. */
function targetOf(location: string, asked: URL): string {
  if (!URL.canParse(location, asked)) return location;
  const to = new URL(location, asked);
  return to.pathname === asked.pathname && to.origin !== asked.origin ? to.origin : to.href;
}

/** The words are those of Node, OpenSSL and undici. */
const reasons: readonly [fault: RegExp, reason: string][] = [
  [/ENOTFOUND|EAI_AGAIN/, "its name is not known: check the address, and its record in DNS"],
  [/ECONNREFUSED/, "nothing listens there: check the port, and whether it runs"],
  [
    /EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|CONNECT_TIMEOUT/,
    "its machine does not answer: check the address, and the firewall",
  ],
  [
    /TimeoutError|HEADERS_TIMEOUT|BODY_TIMEOUT|timed out/,
    `no whole answer came within ${answerMs / 1_000} s`,
  ],
  [/CERT|SIGNATURE|ALTNAME|certificate/, "its certificate is not good, and browsers refuse it"],
  [
    /WRONG_VERSION|EPROTO|packet length|SSL routines/,
    "what listens there speaks no TLS: try http://, or another port",
  ],
  [/HPE_|Parse Error|Expected HTTP/, "what listens there speaks no HTTP: check the port"],
  [
    /UND_ERR_SOCKET|ECONNRESET|EPIPE|other side closed|socket hang up/,
    "it closes the connection without an answer: check the port, and whether it wants https://",
  ],
];

type Coded = Error & { code?: string };

/** What keeps a connection from being made, and what to do. */
export function reasonOf(error: Error): string {
  const cause: Coded = error.cause instanceof Error ? error.cause : error;
  // With several addresses each failure is in a list.
  const inner: Coded = cause instanceof AggregateError ? (cause.errors[0] as Error) : cause;
  const words = `${error.name} ${inner.code ?? ""} ${inner.name} ${inner.message}`;
  const reason = reasons.find(([fault]) => fault.test(words))?.[1];
  const own = inner.message || inner.code || inner.name;
  return reason === undefined ? own : `${reason} (${own})`;
}

/** In words: what came in the place of Madang's answer. */
export function inWords(answer: Answer): string {
  if (answer.is === "none") return answer.reason;
  if (answer.is === "redirect") return `it is redirected to ${answer.to} (${answer.status})`;
  const { status, headers, text } = answer;
  const server = headers.get("server");
  return `it is answered with ${status}${server === null ? "" : ` by ${server}`} and ${bodyOf(text)}`;
}

function bodyOf(text: string): string {
  if (text.trim() === "") return "nothing else";
  if (text.length > mostBytes) return "more than an answer of Madang has";
  if (/^\s*</.test(text)) return "a page of HTML";
  return jsonOf(text) === undefined ? "a text that is not Madang's" : "JSON that is not Madang's";
}

/** Undefined for a text that is no JSON: another program may answer. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** No server is behind the proxy, or it does not answer (RFC 9110). */
const isOfGateway = (status: number): boolean => status === 502 || status === 503 || status === 504;

/** What is wrong when Madang does not answer at all, and how it is mended. */
export function absence(answer: Answer, site: URL, path: string): Finding {
  if (answer.is === "none") return wrong(`it cannot be reached: ${answer.reason}`);
  if (answer.is === "redirect")
    return URL.canParse(answer.to) && new URL(answer.to).origin !== site.origin
      ? wrong(`it redirects to ${answer.to}: give that address`)
      : wrong(
          `${path} is redirected to ${answer.to}: a proxy asks for something first, such as a login, and has to let the paths of the chat pass`,
        );
  if (isOfGateway(answer.status))
    return wrong(`${path}: ${inWords(answer)}: a proxy answers, and finds no replica`, mends.upstream);
  return wrong(
    `${path}: ${inWords(answer)}: this is no Madang, or a proxy answers in its place`,
    mends.upstream,
  );
}
