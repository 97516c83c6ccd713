import { z } from "zod";
import { type Answer, ask, jsonOf } from "./answers";

/** The answer of server/gateway/self-description.ts; fields of a later version are left out. */
const replica = z.object({
  replica: z.string(),
  store: z.object({
    kind: z.enum(["redis", "folder", "none"]),
    mode: z.enum(["single", "sentinel", "cluster"]).optional(),
    toChange: z.array(z.string()).optional(),
  }),
  proxies: z.object({ seen: z.number(), trusted: z.number() }),
  scheme: z.string().optional(),
});
export type Replica = z.infer<typeof replica>;

/** What /api/ready and /api/socket say. */
const readiness = z.object({ status: z.enum(["ready", "starting", "draining", "degraded"]) });
export type Readiness = z.infer<typeof readiness>["status"];

/** `not Madang's`: the answer that came in its place. */
export type Told<Value> =
  | { is: "told"; status: number; value: Value }
  | { is: "not Madang's"; answer: Answer };

async function read<Value>(site: URL, path: string, shape: z.ZodType<Value>): Promise<Told<Value>> {
  const answer = await ask(site, path);
  const parsed = answer.is === "answer" ? shape.safeParse(jsonOf(answer.text)) : undefined;
  return answer.is === "answer" && parsed?.success
    ? { is: "told", status: answer.status, value: parsed.data }
    : { is: "not Madang's", answer };
}

export const readReadiness = (site: URL, path: "/api/ready" | "/api/socket") => read(site, path, readiness);
export const readReplica = (site: URL) => read(site, "/api/replica", replica);
