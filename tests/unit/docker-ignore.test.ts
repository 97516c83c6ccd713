import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { DockerIgnore, listContext } from "../support/docker-ignore";
import { expect, test } from "../support/plain-test";
import { makeFolder, removeFolder } from "../support/temporary-folder";

const cases: [rule: string, lines: string[], leftOut: string[], kept: string[]][] = [
  ["a name means the one at the root", ["docs"], ["docs"], ["posts/docs", "docs.ts"]],
  ["a folder takes all inside it along", ["docs"], ["docs/a.md", "docs/deep/er/b.png"], ["doc/a.md"]],
  ["slashes at the ends say nothing", ["/docs/"], ["docs", "docs/a.md"], ["a/docs"]],
  ["a star stops at a slash", ["*.md", "a/*/c"], ["x.md", "a/b/c", "a/b/c/d"], ["a/x.md", "a/b/b/c"]],
  [
    "two stars do not",
    ["**/*.log", "a/**/z", "tmp/**"],
    ["x.log", "a/b/x.log", "a/z", "a/b/c/z", "tmp/x/y"],
    ["tmp", "x.logs"],
  ],
  ["a dot is a dot", [".env.*"], [".env.local"], ["xenv.local", ".envelope"]],
  ["a star takes hidden files", ["*"], [".env", "a/.b"], []],
  ["a question mark is one letter", ["a?.ts"], ["ab.ts"], ["a.ts", "a/.ts", "abc.ts"]],
  ["brackets are one of several", ["[ab].ts", "[^c-z].js"], ["a.ts", "b.js"], ["c.ts", "d.js"]],
  ["a backslash takes a letter as it is", ["\\*.ts", "\\[a].ts"], ["*.ts", "[a].ts"], ["b.ts", "a.ts"]],
  ["comments and empty lines are none", ["# a", "", "  b  "], ["b"], ["a", "# a"]],
  ["a later line brings back", ["*", "!a", "!b/c.ts"], ["b", "b/d.ts", "d"], ["a", "a/x/y", "b/c.ts"]],
  ["the last line that matches wins", ["!a/b", "a", "!a/c", "a/c/d"], ["a/b", "a/c/d"], ["a/c/e"]],
];

for (const [rule, lines, leftOut, kept] of cases)
  test(`.dockerignore: ${rule}`, () => {
    const ignore = new DockerIgnore(lines.join("\n"));
    expect(leftOut.filter((file) => !ignore.leavesOut(file))).toEqual([]);
    expect(kept.filter((file) => ignore.leavesOut(file))).toEqual([]);
  });

test(".dockerignore: an excluded folder is searched for files that a later line includes", async () => {
  const root = await makeFolder("context");
  for (const file of ["a/x.ts", "b/c.ts", "b/d.ts", "e/deep/f.keep", "g/h.ts"]) {
    mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(root, file), "");
  }
  const listed = (...lines: string[]) => {
    writeFileSync(path.join(root, ".dockerignore"), lines.join("\n"));
    return listContext(root);
  };
  expect(listed("*", "!a", "!b/c.ts")).toEqual(["a/x.ts", "b/c.ts"]);
  expect(listed("*", "!**/*.keep")).toEqual(["e/deep/f.keep"]);
  expect(listed("b", "e", "g")).toEqual([".dockerignore", "a/x.ts"]);
  await removeFolder(root);
});
