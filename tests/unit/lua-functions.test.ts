import { withoutUnused } from "../../server/redis/lua-functions";
import { expect, test } from "../support/plain-test";

const functionsIn = (lua: string): string[] =>
  [...lua.matchAll(/^local function (\w+)/gm)].map(([, name = ""]) => name);

test("functions that a script uses stay, unused ones are removed, and everything else is unchanged", () => {
  const lua = `local limit = 1
local function one() return limit end
-- Calls two.
local function two(a)
  local inner = function() return one() end
  if a then
    return inner()
  end
end

local function three()
  return three()
end
local function four(...)
  return two(...) -- three
end
local by_name = { run = four }
return by_name.run(1)`;
  const left = withoutUnused(lua);
  expect(functionsIn(left)).toEqual(["one", "two", "four"]);
  expect(left).toBe(lua.replace(/local function three[\s\S]*?\nend\n/, "\n"));
});
