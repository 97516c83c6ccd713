import { withShownName } from "../../components/chat/members/shown-name";
import { noConversation } from "../../components/direct/no-conversation";
import { expect, test } from "../support/plain-test";
import { refusal } from "./chat-visit";

const error = (code: string, retryable: boolean) => refusal(code, retryable).error as never;

test("a permanent refusal shows its reason, the page waits out a temporary one, and shows a long wait", () => {
  expect(noConversation({ is: "refused", error: error("forbidden", false) }, 0)).toEqual({ why: "refuses" });
  expect(noConversation({ is: "refused", error: error("bad_request", false) }, 0)).toEqual({
    why: "noVisitor",
  });
  const waiting = { is: "waiting" as const, retryAt: 100_000 };
  expect(noConversation({ ...waiting, error: error("rate_limited", true) }, 90_000)).toBeUndefined();
  expect(noConversation({ ...waiting, error: error("rate_limited", true) }, 0)).toEqual({
    why: "tooOften",
    waitMs: 100_000,
  });
  const newcomer = refusal("rate_limited", true, { scope: "newcomer" }).error as never;
  expect(noConversation({ ...waiting, error: newcomer }, 60_000)).toEqual({
    why: "newcomer",
    waitMs: 40_000,
  });
  expect(noConversation({ ...waiting, error: error("unavailable", true) }, 0)).toBeUndefined();
  expect(noConversation({ is: "live" }, 0)).toBeUndefined();
});

test("a partner without a name gets a description that cannot be a name", () => {
  const partner = { id: "p", online: true };
  expect(withShownName({ ...partner, name: "–" }, (key) => key)).toEqual({
    ...partner,
    name: "direct.nameless",
  });
  expect(withShownName({ ...partner, name: "Brave Otter" }, (key) => key).name).toBe("Brave Otter");
});
