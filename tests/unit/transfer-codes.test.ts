import { digestTransferCode, makeTransferCode } from "../../server/accounts/transfer-codes";
import { expect, test } from "../support/plain-test";

test("[H-3] codes are four groups of four without look-alike letters, and no two are the same", () => {
  const codes = Array.from({ length: 2_000 }, makeTransferCode);
  const shape = /^[34679ACDEFGHJKMNPQRTWXY]{4}(-[34679ACDEFGHJKMNPQRTWXY]{4}){3}$/;
  expect(codes.filter((code) => !shape.test(code))).toEqual([]);
  expect(new Set(codes).size).toBe(codes.length);
  expect(new Set(codes.join("")).size, "every letter is used").toBe(24);
});

test("[H-3] a code is recognized however it is typed, and only as a whole", () => {
  const [code, another] = [makeTransferCode(), makeTransferCode()];
  const digest = digestTransferCode(code);
  expect(digest).toMatch(/^[A-Za-z0-9_-]{43}$/);
  for (const typed of [
    code.toLowerCase(),
    code.replaceAll("-", ""),
    ` ${code}\n`,
    code.replaceAll("-", " – "),
  ])
    expect(digestTransferCode(typed), typed).toBe(digest);
  expect(digestTransferCode(another)).not.toBe(digest);
  for (const wrong of [
    "",
    code.slice(1),
    `${code}A`,
    code.replace(/^./, "0"),
    "x".repeat(10_000),
    `${code}\u0000`,
  ])
    expect(digestTransferCode(wrong), wrong.slice(0, 30)).toBeUndefined();
});
