import { absence, ask, inWords } from "./answers";
import { type Finding, right, unknown, wrong } from "./finding";
import { mends, storeMends } from "./mends";
import { type Replica, readReadiness, readReplica, type Told } from "./replica-answers";

const readyPath = "/api/ready";

/** Checks that a replica answers. If none does, no other check is possible. */
export async function checkUp(site: URL): Promise<Finding> {
  const told = await readReadiness(site, readyPath);
  if (told.is !== "told") return absence(told.answer, site, readyPath);
  if (told.status === 200) return right("a replica is up, and takes visitors");
  return wrong(`no replica takes visitors (${told.status}): it is ${told.value.status}`, {
    Madang: "look into its log",
  });
}

export async function checkStore(site: URL): Promise<Finding[]> {
  const socket = await readReadiness(site, "/api/socket");
  const told = await readReplica(site);
  const findings =
    told.is === "told"
      ? [keptIn(told.value.store), ...toChange(told.value.store)]
      : [unsaid("what it is kept in", told)];
  if (socket.is !== "told")
    return [
      unknown(`whether its store answers is not known: /api/socket: ${inWords(socket.answer)}`),
      ...findings,
    ];
  if (socket.status === 200) return findings;
  const mend = { Madang: "REDIS_URL, the network and the log: `store connection failed`" };
  return [wrong(`the chat says ${socket.status}: its store cannot be reached`, mend), ...findings];
}

/** `what`: what the replica would have said. */
function unsaid(what: string, { answer }: Extract<Told<Replica>, { is: "not Madang's" }>): Finding {
  if (answer.is === "answer" && answer.status === 404)
    return unknown(`it does not say ${what}: an older version`);
  return wrong(`it does not say ${what}: /api/replica: ${inWords(answer)}`, mends.upstream);
}

const modes = {
  single: "one server",
  sentinel: "a primary that Sentinels watch",
  cluster: "a cluster",
};

function keptIn({ kind, mode }: Replica["store"]): Finding {
  if (kind === "folder") return right("the chat is kept in a folder: one replica");
  if (kind === "redis")
    return right(`the chat is kept in Redis${mode === undefined ? "" : `: ${modes[mode]}`}`);
  return wrong("the chat keeps nothing: all is gone when it ends", {
    Madang: "DATA_DIR=./data, or REDIS_URL",
  });
}

function toChange({ kind, toChange: found }: Replica["store"]): Finding[] {
  if (kind !== "redis") return [];
  if (found === undefined)
    return [
      unknown(
        "it does not say how the store is set up: the store has not answered yet, or its user may not ask (INFO)",
      ),
    ];
  if (found.length === 0)
    return [right("the store is set up well: version, eviction, persistence, memory limit, clock")];
  return found.map((kind) => {
    const known = storeMends[kind];
    return known === undefined
      ? wrong(`the store has a setting to change: ${kind}`, { Madang: "its log says what to do" })
      : wrong(known.text, known.mend);
  });
}

/**
 * With too few trusted proxies all visitors share one address; with too many a visitor can make up its own. `isReplica`: the
 * address belongs to a replica, which may be asked past its proxies.
 */
export async function checkProxies(site: URL, isReplica: boolean): Promise<Finding[]> {
  const told = await readReplica(site);
  if (told.is !== "told") return [unsaid("which proxies it sees", told)];
  const { proxies, scheme } = told.value;
  const { seen, trusted } = proxies;
  const findings: Finding[] = [];
  const counted = `${seen} ${seen === 1 ? "proxy adds" : "proxies add"} to X-Forwarded-For, and ${trusted} of them ${trusted === 1 ? "is" : "are"} believed`;
  if (isReplica && seen === 0 && trusted > 0)
    return [unknown("the replica was asked past its proxies: look at the public address by itself as well")];
  if (seen === trusted) findings.push(right(counted));
  else
    findings.push(
      wrong(
        `${counted}: ${trusted < seen ? "all visitors share one address" : "a visitor can make up its address"}`,
        {
          Madang: `TRUST_PROXY_HOPS=${seen}`,
          ...(trusted > seen && mends.forwarded),
        },
      ),
    );
  const used = site.protocol.replace(":", "");
  if (trusted > 0 && scheme !== undefined && scheme !== used)
    findings.push(
      wrong(
        `the last proxy says that readers use ${scheme}, and they use ${used}: pages may not connect`,
        mends.scheme,
      ),
    );
  return findings;
}

/** Counts the replicas that answered a few requests; there may be more. */
export async function countReplicas(site: URL): Promise<number> {
  const asked = await Promise.all(Array.from({ length: 8 }, () => readReplica(site)));
  return new Set(asked.flatMap((told) => (told.is === "told" ? [told.value.replica] : []))).size;
}

const parts = ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"];

export async function checkPolicy(site: URL): Promise<Finding> {
  const page = await ask(site, "/chat");
  if (page.is !== "answer" || page.status !== 200)
    return wrong(`the page /chat does not come: ${inWords(page)}`, mends.upstream);
  const policy = page.headers.get("content-security-policy");
  if (policy === null)
    return wrong("pages come without their Content-Security-Policy: a proxy takes it away", mends.policy);
  const missing = parts.filter((part) => !policy.includes(part));
  if (missing.length === 0 && !policy.includes(","))
    return right("pages come with their Content-Security-Policy");
  return wrong(
    "the Content-Security-Policy of pages is not Madang's: a proxy changes it, or adds one",
    mends.policy,
  );
}

const loopback = /^(localhost|127\..*|\[::1\])$/;

/** The server shows its metrics to its own machine. A proxy on that machine would show them to the world. */
export async function checkMetrics(site: URL): Promise<Finding> {
  const answer = await ask(site, "/api/metrics");
  if (answer.is === "none") return unknown(`whether /api/metrics is closed is not known: ${answer.reason}`);
  if (answer.is === "redirect" || answer.status !== 200) return right("/api/metrics is closed");
  if (loopback.test(site.hostname)) return unknown("/api/metrics is open, as it may be to this machine");
  return wrong("/api/metrics is open to everyone", mends.metrics);
}
