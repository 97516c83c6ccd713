import { examine } from "./examination";
import { toLines } from "./finding";

const usage = `npm run doctor -- URL [URL of a second replica] [--relay] [--idle SECONDS]
Looks at a running installation from outside, and says what is wrong and which line mends it. Ends with 0 if all is well.
`;
/** Most proxies that cut quiet connections do so within a minute. */
const defaultIdleSeconds = 60;

function parse(args: readonly string[]) {
  const sites: URL[] = [];
  let idleSeconds = defaultIdleSeconds;
  let isRelayTried = false;
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? "";
    if (word === "--relay") isRelayTried = true;
    else if (word === "--idle") {
      index += 1;
      idleSeconds = Number(args[index]);
    } else if (/^https?:\/\//.test(word) && URL.canParse(word)) sites.push(new URL(word));
    else return undefined;
  }
  const [site, other] = sites;
  if (site === undefined || sites.length > 2 || !(idleSeconds > 0)) return undefined;
  return { site, other, idleSeconds, isRelayTried };
}

async function main(): Promise<number> {
  const examination = parse(process.argv.slice(2));
  if (examination === undefined) {
    process.stderr.write(usage);
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
