import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** One line. `keeps`: it begins with `!`, and includes again what an earlier line excluded. */
type Rule = { keeps: boolean; pattern: string; expression: RegExp };

/**
 * A `.dockerignore`, read as Docker reads it: patterns start at the root, `*` stops at a slash and `**` does not, a
 * pattern that matches a folder decides for all inside it, and the last line that matches wins.
 * https://docs.docker.com/build/concepts/context/#dockerignore-files
 */
export class DockerIgnore {
  private readonly rules: Rule[];

  constructor(text: string) {
    this.rules = text
      .split("\n")
      .filter((line) => !line.startsWith("#"))
      .map((line) => line.trim())
      .filter((line) => line !== "")
      .map(toRule);
  }

  /** `file` is relative to the root, with forward slashes. */
  leavesOut(file: string): boolean {
    const last = this.rules.findLast(({ expression }) => expression.test(file));
    return last !== undefined && !last.keeps;
  }

  /** Returns true if a later line may include a file inside an excluded folder. */
  mayKeepInside(folder: string): boolean {
    return this.rules.some(
      ({ keeps, pattern }) => keeps && (/[*?[]/.test(pattern) || pattern.startsWith(`${folder}/`)),
    );
  }
}

function toRule(line: string): Rule {
  const keeps = line.startsWith("!");
  const pattern = path.posix.normalize(line.replace(/^!\s*/, "")).replace(/^\/|\/$/g, "");
  return { keeps, pattern, expression: new RegExp(`^${toExpression(pattern)}(/|$)`) };
}

/** The pieces of Go's `filepath.Match`, with Docker's `**`. */
const pieces = /\*\*\/?|\*|\?|\[\^?[^\]]*\]|\\?./g;

function toExpression(pattern: string): string {
  return pattern.replace(pieces, (piece) => {
    if (piece === "**/") return "(?:.*/)?";
    if (piece === "**") return ".*";
    if (piece === "*") return "[^/]*";
    if (piece === "?") return "[^/]";
    if (piece.length > 2 && piece.startsWith("[")) return piece;
    return piece.slice(-1).replace(/[.*+?^${}()|[\]\\/]/, "\\$&");
  });
}

/** Every file that Docker sends to the builder from a folder, by its path from there. */
export function listContext(root: string): string[] {
  const ignore = new DockerIgnore(readFileSync(path.join(root, ".dockerignore"), "utf8"));
  const filesIn = (folder: string): string[] =>
    readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
      const inside = path.posix.join(folder, entry.name);
      const isLeftOut = ignore.leavesOut(inside);
      if (!entry.isDirectory()) return isLeftOut ? [] : [inside];
      return isLeftOut && !ignore.mayKeepInside(inside) ? [] : filesIn(inside);
    });
  return filesIn("").sort();
}
