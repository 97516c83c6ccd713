import { runInNewContext } from "node:vm";

type Answer = () => Promise<{ ok: boolean }>;

/**
 * Runs a health check's script with a fetch and a process of its own; resolves with its exit code and the addresses it
 * asked.
 */
export async function runCheck(script: string, env: Record<string, string>, answer: Answer) {
  const asked: string[] = [];
  const fetch = (url: string) => {
    asked.push(url);
    return answer();
  };
  const code = await new Promise((exit) => runInNewContext(script, { fetch, process: { env, exit } }));
  return { code, asked };
}

export const answers: [name: string, answer: Answer, code: number][] = [
  ["ready", async () => ({ ok: true }), 0],
  ["not ready", async () => ({ ok: false }), 1],
  ["not there", () => Promise.reject(new Error("refused")), 1],
];
