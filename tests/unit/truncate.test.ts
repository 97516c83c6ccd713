import { truncate } from "../../components/chat/feed/truncate";
import { expect, test } from "../support/plain-test";

test("a shortened text ends with a whole character", () => {
  expect(truncate("ab😀", 3)).toBe("ab");
  expect(truncate("ab😀", 4)).toBe("ab😀");
  expect(truncate("ab😀c", 4)).toBe("ab😀");
  expect(truncate("안녕하세요", 2)).toBe("안녕");
});
