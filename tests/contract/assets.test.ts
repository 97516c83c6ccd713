import { randomBytes } from "node:crypto";
import { readdir, utimes } from "node:fs/promises";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { type Asset, type AssetStore, assetKeptMs, isAssetPath } from "../../server/assets/assets";
import { BuildAssets } from "../../server/assets/build-assets";
import { FolderAssets } from "../../server/assets/folder-assets";
import { RedisAssets } from "../../server/assets/redis-assets";
import { systemClock } from "../../server/lib/clock";
import { makeFolder, removeFolder } from "../support/temporary-folder";
import { until } from "../support/until";
import { test as base, clientOf, connectTo, expect, silent } from "./stores";

const assetKinds = ["folder", "redis", "cluster"] as const;

type Opened = { one: AssetStore; other: AssetStore; age(path: string): Promise<void> };

const test = base.extend<{ openAssets: (kind: (typeof assetKinds)[number]) => Promise<Opened> }>({
  openAssets: async ({ redis, prefix }, use) => {
    const ends: (() => unknown)[] = [];
    await use(async (kind) => {
      if (kind === "folder") {
        const folder = await makeFolder("assets");
        ends.push(() => removeFolder(folder));
        const open = () => new FolderAssets(folder, systemClock);
        const past = (Date.now() - assetKeptMs - 60_000) / 1_000;
        return { one: open(), other: open(), age: (name) => utimes(path.join(folder, name), past, past) };
      }
      const open = async () => {
        const clients = await connectTo(kind, redis);
        ends.push(() => clients.close());
        return new RedisAssets(clients.redis, prefix);
      };
      const client = await clientOf(kind, redis);
      const age = async (name: string) => void (await client.pexpire(`${prefix}asset:${name}`, 1));
      return { one: await open(), other: await open(), age };
    });
    for (const end of ends) await end();
  },
});

const asset = (name: string, text: string): Asset => ({ path: name, gzip: gzipSync(text) });
const textOf = (found: Buffer | undefined) => found && gunzipSync(found).toString();

for (const kind of assetKinds) {
  test(`${kind}: another build gets a build's files unchanged to the byte, and no other files`, async ({
    openAssets,
  }) => {
    const { one, other } = await openAssets(kind);
    const bytes = randomBytes(100_000);
    await one.keep([asset("static/chunks/a.js", "first"), { path: "static/media/b.woff2", gzip: bytes }]);
    await other.keep([asset("static/chunks/c.js", "second"), asset("data/B/ko/posts/첫-글.json", "{}")]);
    expect(textOf(await other.find("static/chunks/a.js"))).toBe("first");
    expect(textOf(await one.find("static/chunks/c.js"))).toBe("second");
    expect(textOf(await one.find("data/B/ko/posts/첫-글.json"))).toBe("{}");
    expect((await other.find("static/media/b.woff2"))?.equals(bytes)).toBe(true);
    for (const missing of ["static/chunks/none.js", "static/chunks", "static/chunks/a.js/b.js"])
      expect(await one.find(missing)).toBeUndefined();
  });

  test(`${kind}: a file expires two days after it was last kept, and keeping it again renews that`, async ({
    openAssets,
  }) => {
    const { one, other, age } = await openAssets(kind);
    const files = [asset("static/chunks/old.js", "old"), asset("static/chunks/new.js", "new")];
    await one.keep(files);
    await age("static/chunks/old.js");
    await until("its end", async () => (await other.find("static/chunks/old.js")) === undefined);
    await one.keep(files.slice(1));
    expect(textOf(await other.find("static/chunks/new.js"))).toBe("new");
    await one.keep(files);
    expect(textOf(await other.find("static/chunks/old.js"))).toBe("old");
  });
}

test("a folder loses the files of builds that are long gone", async () => {
  const folder = await makeFolder("assets");
  const store = new FolderAssets(folder, systemClock);
  await store.keep([asset("static/chunks/old.js", "old")]);
  await utimes(path.join(folder, "static/chunks/old.js"), 1, 1);
  await store.keep([asset("static/chunks/new.js", "new")]);
  expect(await readdir(path.join(folder, "static/chunks"))).toEqual(["new.js"]);
  await removeFolder(folder);
});

test("only paths that a build can have are looked up", () => {
  for (const name of [
    "static/../secret.js",
    "static/./a.js",
    "static//a.js",
    "/static/a.js",
    "other/a.js",
    "static/a.js\u0000.css",
    "static/a.lua",
    "static/a",
    "static/a\\b.js",
    `static/${"a/".repeat(300)}b.js`,
    "",
  ])
    expect(isAssetPath(name), name).toBe(false);
});

test("a request for a script waits until its build has kept it; a request for props does not", async () => {
  const kept = new Map<string, Buffer>();
  const asked: string[] = [];
  const store: AssetStore = {
    async keep(assets) {
      for (const { path: name, gzip } of assets) kept.set(name, gzip);
    },
    async find(name) {
      asked.push(name);
      return kept.get(name);
    },
  };
  const files = [asset("static/chunks/a.js", "late")];
  const assets = new BuildAssets({ store, readFiles: async () => files, clock: systemClock, logger: silent });
  const early = assets.find("static/chunks/a.js");
  await until("the first question", () => asked.length > 0);
  expect(await assets.find("data/B/en/chat.json")).toBeUndefined();
  expect(asked.filter((name) => name.startsWith("data/"))).toHaveLength(1);
  await assets.start();
  await assets.kept;
  expect(textOf(await early)).toBe("late");
  assets.close();
});

test("a replica offers its build's files again until the store accepts them", async () => {
  let refusals = 1;
  const store: AssetStore = {
    keep: async () => {
      if (refusals-- > 0) throw new Error("full");
    },
    find: async () => undefined,
  };
  const assets = new BuildAssets({ store, readFiles: async () => [], clock: systemClock, logger: silent });
  await assets.start();
  expect(refusals).toBe(0);
  await assets.kept;
  assets.close();
});
