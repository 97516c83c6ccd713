import { readdirSync } from "node:fs";
import path from "node:path";
import { listPosts } from "../../content/render-post";
import { expect, test } from "../support/fixtures";
import { buildFolder, type Replica } from "../support/replica";

test("[C-6] twenty visitors who enter a post's new room at once on two replicas make one room, with the post's title", async ({
  startReplicas,
  connect,
}) => {
  const [one, other] = (await startReplicas(2, { RATE_LIMITS: "off" })) as [Replica, Replica];
  const posts = listPosts("en");
  for (const { slug, title } of posts) {
    const room = `post-${slug}`;
    const visitors = await Promise.all(
      Array.from({ length: 20 }, (_, index) => connect({ url: index % 2 ? one.url : other.url })),
    );
    const answers = await Promise.all(visitors.map((visitor) => visitor.join(room)));
    for (const answer of answers) expect(answer.room).toEqual(answers[0]?.room);
    expect(answers[0]?.room).toMatchObject({ id: room, title, kind: "public", closed: false });
    const [first, last] = [visitors[0], visitors.at(-1)];
    await first?.say(room, "one room for all");
    for (const visitor of visitors)
      await visitor.entry(room, (entry) => entry.kind === "message" && entry.seq === 21);
    const rooms = await last?.must("room:list", {});
    expect(rooms?.rooms.find(({ id }) => id === room)).toMatchObject({ title, memberCount: 20 });
  }
});

test("[C-6] only existing posts have rooms, and no visitor can make another", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica({ RATE_LIMITS: "off" });
  const visitor = await connect({ url: replica.url });
  expect(await visitor.ask("room:join", { room: "post-no-such-post" })).toMatchObject({
    error: { code: "room_not_found" },
  });
  const [post] = listPosts("en");
  for (const room of ["post-no-such-post", `post-${post?.slug}`])
    expect(await visitor.ask("room:create", { room, title: "Mine" })).toMatchObject({
      error: { code: "bad_request" },
    });
  const { rooms } = await visitor.must("room:list", {});
  expect(rooms.map(({ id }) => id)).toEqual(["lobby"]);
});

test("[settings] the standalone server contains the posts, and only the project files that it reads", () => {
  const standalone = path.join(buildFolder, ".next/standalone");
  const whole = [
    ".next",
    "before-next.mjs",
    "doctor.mjs",
    "node_modules",
    "package.json",
    "public",
    "server",
    "server.js",
    "site",
    "store.mjs",
  ];
  expect(readdirSync(standalone).sort()).toEqual(whole);
  const filesIn = (folder: string) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => path.extname(name) !== "");
  const readWhileRunning = filesIn("server").filter((name) => /\.(lua|txt)$/.test(name));
  expect(filesIn(path.join(standalone, "server")).sort(), "the scripts and the lists of names").toEqual(
    readWhileRunning.sort(),
  );
});
