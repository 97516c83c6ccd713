import { type Examination, examine } from "./examination";
import { toLines } from "./finding";

const usage = `npm run doctor -- URL [URL of a second replica] [--relay] [--idle SECONDS]
Looks at a running installation from outside, and says what is wrong and which line mends it. Ends with 0 if all is well.
`;
/** Most proxies that cut quiet connections do so within a minute. */
const defaultIdleSeconds = 60;

/** What to examine; or what is wrong with the words, in a sentence. */
function parse(args: readonly string[]): Examination | string {
  const sites: URL[] = [];
  let idleSeconds = defaultIdleSeconds;
  let isRelayTried = false;
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? "";
    if (word === "--relay") isRelayTried = true;
    else if (word === "--idle") {
      index += 1;
      idleSeconds = Number(args[index]);
    } else {
      const fault = faultOfAddress(word);
      if (fault !== undefined) return fault;
      sites.push(new URL(word));
    }
  }
  const [site, other] = sites;
  if (site === undefined) return "Which address is to be examined?";
  if (sites.length > 2) return "Two addresses at most.";
  if (!(idleSeconds > 0)) return "--idle takes a number of seconds.";
  return { site, other, idleSeconds, isRelayTried };
}

function faultOfAddress(word: string): string | undefined {
  if (word.startsWith("-")) return `There is no ${word}.`;
  if (/^https?:\/\//i.test(word)) {
    if (!URL.canParse(word)) return `${word} is no address.`;
    const { username, password } = new URL(word);
    return username + password === ""
      ? undefined
      : "Leave the user and password out of the address: they are not sent.";
  }
  const full = `https://${word}`;
  return /^[a-z][a-z\d+.-]*:\/\//i.test(word) || !URL.canParse(full)
    ? `${word} is no address of a site, which begins with https:// or http://.`
    : `${word} has no scheme: write ${full}, or http://${word}.`;
}

async function main(): Promise<number> {
  const examination = parse(process.argv.slice(2));
  if (typeof examination === "string") {
    process.stderr.write(`${examination}\n\n${usage}`);
    return 1;
  }
  let faults = 0;
  for await (const finding of examine(examination)) {
    process.stdout.write(`${toLines(finding).join("\n")}\n`);
    if (finding.is === "wrong") faults += 1;
  }
  process.stdout.write(
    faults === 0 ? "All is well.\n" : `${faults} to mend; docs/operations.md (Proxies, Redis) says more.\n`,
  );
  return faults === 0 ? 0 : 1;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error) => {
    process.stderr.write(`${error.cause instanceof Error ? error.cause.message : error.message}\n`);
    process.exitCode = 1;
  },
);
