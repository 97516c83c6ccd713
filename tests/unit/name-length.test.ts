import { excessOf } from "../../components/chat/members/name-length";
import { expect, test } from "../support/plain-test";

for (const { name, excess } of [
  { name: "", excess: -2 },
  { name: "  x  ", excess: -1 },
  { name: "물범", excess: 0 },
  { name: `  Calm \u3000  Fox${" ".repeat(30)}`, excess: 0 },
  { name: "👩‍👩‍👧‍👦".repeat(24), excess: 0 },
  { name: "é".normalize("NFD").repeat(26), excess: 2 },
])
  test(`[ID-3a] ${JSON.stringify(name.slice(0, 12))} of ${name.length} code units is off by ${excess}`, () => {
    expect(excessOf(name)).toBe(excess);
  });
