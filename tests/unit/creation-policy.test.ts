import { readConfig } from "../../server/config";
import { CreationPolicy } from "../../server/rooms/creation-policy";
import { expect, test } from "../support/plain-test";

const visitors = { hasSettled: async ({ id }: { id: string }) => id === "old" };
const outcome = async (who: "off" | "settled" | "all", id: string) =>
  new CreationPolicy(who, visitors).check({ id }).then(
    () => "made",
    ({ code }) => code,
  );

test("[settings] ROOMS decides which visitors may make rooms", async () => {
  for (const [who, old, fresh] of [
    ["all", "made", "made"],
    ["settled", "made", "forbidden"],
    ["off", "forbidden", "forbidden"],
  ] as const)
    expect([await outcome(who, "old"), await outcome(who, "new")], who).toEqual([old, fresh]);
  expect(readConfig({})).toMatchObject({ config: { rooms: "all" } });
  expect(readConfig({ ROOMS: "settled" })).toMatchObject({ config: { rooms: "settled" } });
  expect(readConfig({ ROOMS: "some" })).toMatchObject({ ok: false });
});
