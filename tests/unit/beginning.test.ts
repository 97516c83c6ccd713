import { expect, test } from "@playwright/test";
import { beginningOf } from "../../components/chat/feed/beginning";

test("a shortened text ends with a whole character", () => {
  expect(beginningOf("ab😀", 3)).toBe("ab");
  expect(beginningOf("ab😀", 4)).toBe("ab😀");
  expect(beginningOf("ab😀c", 4)).toBe("ab😀");
  expect(beginningOf("안녕하세요", 2)).toBe("안녕");
});
