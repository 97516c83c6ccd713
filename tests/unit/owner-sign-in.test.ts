import { createOwnerClient } from "../../components/owner/owner-client";
import { expect, test } from "../support/plain-test";
import { FakeEnvironment, settle } from "./fake-environment";

const refused = (code: string) => ({ ok: false, error: { code, message: "", retryable: false } });

/** A page whose claims get these answers in turn, with a record of its requests. */
async function page(...answers: object[]) {
  const environment = new FakeEnvironment();
  const asked: (string | undefined)[] = [];
  globalThis.fetch = async (_, options) => {
    asked.push(new Headers(options?.headers).get("authorization") ?? undefined);
    return Response.json(answers.shift());
  };
  const client = createOwnerClient("en", environment);
  client.open();
  await settle();
  return { environment, client, asked };
}

const kept = ({ environment }: { environment: FakeEnvironment }) => environment.local.get("madang:token");
const original = globalThis.fetch;
test.afterEach(() => {
  globalThis.fetch = original;
});

test("[O-9] a browser without a token signs in with the key alone, and keeps the visitor of the answer", async () => {
  const visit = await page({ ok: true, role: "owner", token: "first" });
  void visit.client.signIn("the key");
  await settle();
  expect(visit.asked).toEqual([undefined]);
  expect(kept(visit)).toBe("first");
});

test("[O-9] an ended token is dropped, and the key is sent without it", async () => {
  const visit = await page(refused("invalid_token"), { ok: true, role: "owner", token: "next" });
  visit.environment.local.set("madang:token", "ended");
  void visit.client.signIn("the key");
  await settle();
  expect(visit.asked).toEqual(["Bearer ended", undefined]);
  expect(kept(visit)).toBe("next");
});

test("[O-9] a wrong key leaves the browser's token, and is sent once", async () => {
  const visit = await page(refused("forbidden"));
  visit.environment.local.set("madang:token", "mine");
  expect(await visit.client.signIn("wrong")).toBe("forbidden");
  expect(visit.asked).toEqual(["Bearer mine"]);
  expect(kept(visit)).toBe("mine");
});
