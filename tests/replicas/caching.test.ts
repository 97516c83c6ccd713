import { readBuildFiles } from "../../server/assets/build-files";
import { expect, test } from "../support/fixtures";
import { buildFolder } from "../support/replica";
import { until } from "../support/until";

test("browsers revalidate pages, and learn by which headers they vary; they keep files with a hash in the name", async ({
  startReplica,
}) => {
  const replica = await startReplica();
  for (const place of [
    "/",
    "/chat",
    "/ko/chat",
    "/chat/nobody-made-it",
    "/posts/how-a-message-travels",
    "/nowhere",
  ]) {
    const { headers } = await replica.get(place);
    expect(headers.get("cache-control"), place).toMatch(/no-cache/);
    expect(headers.get("cache-control"), place).not.toMatch(/s-maxage/);
    for (const name of ["Accept-Language", "Cookie"]) expect(headers.get("vary"), place).toContain(name);
  }
  const [, script = ""] =
    /<script src="(\/_next\/static\/chunks\/[^"]+)"/.exec(await (await replica.get("/chat")).text()) ?? [];
  const { headers, status } = await replica.get(script);
  expect([status, headers.get("cache-control")]).toEqual([200, "public, max-age=31536000, immutable"]);
});

test("a replica serves the files of another replica's build, compressed or not, with their types", async ({
  startReplica,
}) => {
  const replica = await startReplica();
  await replica.answers("/api/ready", 200);
  const files = (await readBuildFiles(`${buildFolder}/.next`)).map(({ path }) => path);
  for (const [ending, type] of [
    [".js", "application/javascript; charset=utf-8"],
    [".css", "text/css; charset=utf-8"],
    ["/ko/chat.json", "application/json; charset=utf-8"],
  ] as const) {
    const file = files.find((name) => name.endsWith(ending)) ?? "";
    const own = await (await replica.get(`/_next/${file}`)).text();
    for (const encoding of ["gzip", "identity"]) {
      const answer = await replica.get(`/api/assets/${file}`, { headers: { "Accept-Encoding": encoding } });
      expect([answer.status, answer.headers.get("content-type")]).toEqual([200, type]);
      expect(answer.headers.get("content-encoding")).toBe(encoding === "gzip" ? "gzip" : null);
      expect(await answer.text()).toBe(own);
    }
  }
  expect(
    files.filter((name) => /nft|manifest\.json/.test(name)),
    "nothing of the server's",
  ).toEqual([]);
});

test("a file that no build has is answered with 404, and not cached", async ({ startReplica }) => {
  const replica = await startReplica();
  for (const place of [
    "/_next/static/chunks/none.js",
    "/_next/data/none/en/chat/room.json",
    "/api/assets/static/..%2F..%2Fpackage.json",
    "/api/assets/server/app.js",
  ]) {
    const { status, headers } = await replica.get(place);
    expect([status, headers.get("cache-control")], place).toEqual([404, "no-store"]);
  }
});

test("while the store is away a file of another build is answered with 503, and served again when it is back", async ({
  ownRedis,
  startReplica,
}) => {
  const replica = await startReplica({ REDIS_URL: ownRedis.url });
  await replica.answers("/api/ready", 200);
  const [file = ""] = (await readBuildFiles(`${buildFolder}/.next`)).map(({ path }) => path);
  await ownRedis.kill();
  await until("the refusal", async () => (await replica.get(`/api/assets/${file}`)).status === 503);
  await ownRedis.restart();
  await until("the file", async () => (await replica.get(`/api/assets/${file}`)).status === 200);
});
