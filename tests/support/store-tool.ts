import path from "node:path";
import { startChild } from "./child";
import { buildFolder, type Environment } from "./replica";
import { asTool } from "./store-acl";

/** Runs `npm run store` of the production build, in this folder, to its end. */
export async function runStoreTool(
  args: string[],
  cwd: string,
  environment: Environment,
  input = "",
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const tool = path.join(buildFolder, ".next/standalone/store.mjs");
  const login = environment.REDIS_URL && { REDIS_URL: asTool(environment.REDIS_URL) };
  const base = { PATH: process.env.PATH, NODE_ENV: "production" } as const;
  const env = { ...base, ...environment, ...login } as NodeJS.ProcessEnv;
  const child = startChild(process.execPath, [tool, ...args], { cwd, env, input: "pipe" });
  child.input?.end(input);
  const { code } = await child.exit;
  return { code, stdout: child.written("stdout"), stderr: child.written("stderr") };
}
