import { readFileSync } from "node:fs";

/** With which the keys and channels of the documented users begin. */
export const documentedPrefix = "madang:";

const password = "a-password-of-the-test";

/** A line of docs/operations.md that begins with these words. */
function documentedLine(begins: string): string {
  const line = readFileSync("docs/operations.md", "utf8")
    .split("\n")
    .find((text) => text.startsWith(`  ${begins} `));
  if (line === undefined) throw new Error(`docs/operations.md has no line that begins with ${begins}`);
  return line.trim();
}

/** The line for the replicas' user. */
export const documentedAcl = (): string => documentedLine("user madang on");

/** What the same document adds for `npm run store`, and for a cluster. */
export const documentedAdditions = {
  tool: () => documentedLine("+scan"),
  cluster: () => documentedLine("+spublish"),
};

/** The commands that these rules permit, as Redis names them in its statistics. */
export const commandsIn = (rules: string): string[] =>
  [...rules.matchAll(/ ?\+([a-z|]+)/g)].map(([, name = ""]) => name);

const replicas = "madang";
const tool = "madang-store";

/** Two users as words of a configuration, with the commands of the document: the replicas' and that of `npm run store`. */
export function aclOfTests({ isCluster = false } = {}): string[] {
  const rules = [documentedAcl(), ...(isCluster ? [documentedAdditions.cluster()] : [])].join(" ");
  const ofReplicas = rules.replace("PASSWORD", password);
  const ofTool = `${ofReplicas.replace(`user ${replicas} `, `user ${tool} `)} ${documentedAdditions.tool()}`;
  return [ofReplicas, ofTool].flatMap((line) => ["--user", ...line.split(" ").slice(1)]);
}

export const userOfTests = `${replicas}:${password}`;

/** The same store with the login of the user for `npm run store`. */
export const asTool = (url: string): string => url.replace(`//${replicas}:`, `//${tool}:`);
