import { linksIn } from "../../server/moderation/links";
import { expect, test } from "../support/plain-test";

test("[O-5] [O-7] a link counts once, however it is written", () => {
  for (const text of [
    "https://sub.blog.example/a/b?c=d",
    "1http://blog.example",
    "보세요https://blog.example/글",
    "ftp://blog.example/x.y/z",
    "www.blog.example/path/www.html",
    "sub.blog.example/path",
    "blog.example:8080/a.b/c",
    "h\u200bttps://blog.example",
    `${"x".repeat(16_000)}://blog.example`,
  ])
    expect(linksIn(text), text.slice(0, 60)).toBe(1);
  expect(linksIn("https://a.example/1 and www.b.example or c.example/2")).toBe(3);
  for (const text of [
    "e.g. this",
    "node.js",
    "either/or",
    "1.5/2",
    "안녕.하세요",
    "a : // b",
    "x".repeat(16_384),
  ])
    expect(linksIn(text), text.slice(0, 60)).toBe(0);
});

test("[C-4] links in any text of 16 KiB are found quickly", () => {
  const parts = [
    "x",
    "x.",
    "x-",
    "a+",
    "1.",
    "ab.cd:1",
    "www.",
    "a:/",
    "a.bc/ ",
    "한.",
    "a1",
    "-.",
    "://",
    "a/b.",
  ];
  for (const part of parts) {
    const text = part.repeat(Math.ceil(16_384 / part.length));
    const before = process.cpuUsage();
    linksIn(text);
    const { user } = process.cpuUsage(before);
    // Linear searches take less than 5 ms; a quadratic one takes at least 300.
    expect(user / 1_000, part).toBeLessThan(100);
  }
});
