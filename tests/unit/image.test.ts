import { existsSync, symlinkSync } from "node:fs";
import path from "node:path";
import { startChild } from "../support/child";
import { DockerIgnore } from "../support/docker-ignore";
import { readCommand, readStages, toldTo } from "../support/dockerfile";
import { answers, runCheck } from "../support/health-check";
import { pinnedImage, read } from "../support/packaging";
import { expect, test } from "../support/plain-test";
import { copyContext } from "../support/site-copy";
import { makeFolder, removeFolder } from "../support/temporary-folder";

test.describe("the image", () => {
  const stages = readStages(read("Dockerfile"));
  const last = stages.at(-1) ?? { name: "", base: "", instructions: [] };
  const argumentsOf = (word: string) => toldTo(last, word);

  test("is built in stages from one pinned release, and contains only the build", () => {
    const names = stages.map(({ name }) => name);
    const bases = stages.map(({ base }) => base).filter((base) => ![...names, "scratch"].includes(base));
    expect(stages.length).toBeGreaterThan(2);
    for (const base of bases) {
      expect(base).toMatch(pinnedImage);
      expect(base).toMatch(/^node:[\d.]+-\w+-slim\b/);
    }
    for (const copy of argumentsOf("COPY")) expect(copy).toMatch(/^--from=\w+ .*\.next\/standalone/);
  });

  test("runs the server itself as an unprivileged process that gets SIGTERM", () => {
    expect(argumentsOf("CMD").map((line) => JSON.parse(line))).toEqual([["node", "server.js"]]);
    expect(argumentsOf("ENTRYPOINT")).toEqual([]);
    expect(argumentsOf("STOPSIGNAL")).toEqual(["SIGTERM"]);
    const [user = ""] = argumentsOf("USER");
    expect(user, "Kubernetes cannot tell whether a name is root's").toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(argumentsOf("RUN").join(" ")).toContain(`chown ${user} `);
    const environment = argumentsOf("ENV").join(" ");
    for (const pair of ["NODE_ENV=production", "HOSTNAME=0.0.0.0"]) expect(environment).toContain(pair);
  });

  for (const [name, answer, code] of answers)
    test(`its health check ends with ${code} when the server is ${name}`, async () => {
      const [node, flag, script = ""] = readCommand(argumentsOf("HEALTHCHECK").join(" "));
      expect([node, flag]).toEqual(["node", "-e"]);
      const run = await runCheck(script, { PORT: "8123" }, answer);
      expect(run).toEqual({ code, asked: ["http://127.0.0.1:8123/api/ready"] });
    });

  test("is not built from secrets or a developer's leftovers", () => {
    const ignore = new DockerIgnore(read(".dockerignore"));
    for (const name of [
      ".env",
      ".env.local",
      ".git/config",
      "tls/privkey.pem",
      "node_modules/a/b.js",
      ".next/x",
      "tests/a.ts",
    ])
      expect(ignore.leavesOut(name), name).toBe(true);
    const copied = stages.flatMap((stage) =>
      toldTo(stage, "COPY")
        .filter((copy) => !copy.startsWith("--from"))
        .flatMap((copy) => copy.split(" ").slice(0, -1)),
    );
    expect(copied).toContain("package-lock.json");
    expect(copied.filter((file) => file !== "." && (ignore.leavesOut(file) || !existsSync(file)))).toEqual(
      [],
    );
  });

  test("is built from files that pass the build's type check on their own", async () => {
    const folder = await makeFolder("context");
    await copyContext(folder);
    symlinkSync(path.resolve("node_modules"), path.join(folder, "node_modules"));
    const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" } as const;
    for (const [tool = "", ...words] of [
      ["next", "typegen"],
      ["tsc", "--noEmit"],
    ]) {
      const child = startChild(path.join(folder, "node_modules/.bin", tool), words, { cwd: folder, env });
      expect((await child.exit).code, child.output()).toBe(0);
    }
    await removeFolder(folder);
  });
});
