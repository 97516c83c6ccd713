import { readFileSync } from "node:fs";

const password = "a-password-of-the-test";

/** The line of docs/operations.md for the replicas' user. */
export function documentedAcl(): string {
  const [, line] =
    /^ +(user madang on >PASSWORD .*)$/m.exec(readFileSync("docs/operations.md", "utf8")) ?? [];
  if (line === undefined) throw new Error("docs/operations.md has no line for the user madang");
  return line;
}

/** The commands that the same document adds for a cluster. */
function documentedClusterCommands(): string {
  const [, line] = /^ +(\+spublish .*)$/m.exec(readFileSync("docs/operations.md", "utf8")) ?? [];
  if (line === undefined) throw new Error("docs/operations.md has no commands for a cluster");
  return line;
}

/** The user's rules as words of a configuration. They allow every key, because each test has its own prefix. */
export const aclOfTests = ({ isCluster = false } = {}): string[] =>
  `${documentedAcl()}${isCluster ? ` ${documentedClusterCommands()}` : ""}`
    .replace("PASSWORD", password)
    .replace("~madang:*", "~*")
    .replace("&madang:*", "&*")
    .split(" ")
    .slice(1);

export const userOfTests = `madang:${password}`;
