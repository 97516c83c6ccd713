import { currentPosts, roomsOf } from "../../content/posts";
import { listPosts } from "../../content/render-post";
import { roomIdPattern } from "../../protocol/limits";
import { postPath, postRoomId, slugFaults } from "../../protocol/posts";
import { expect, test } from "../support/plain-test";

test("[C-6] every post of the site has a room under its English title", () => {
  const posts = listPosts("en");
  expect(posts.length).toBeGreaterThan(0);
  const expected = posts.map(({ slug, title }) => [`post-${slug}`, title]);
  expect(Object.fromEntries(roomsOf(currentPosts()))).toEqual(Object.fromEntries(expected));
});

const long = "a".repeat(100);

test("[C-6] a folder's name that fits into a room id is used unchanged; any other gets an id that never changes", () => {
  for (const slug of ["hello", "a-courtyard-for-a-blog", "x_1", "2026", "a".repeat(59)])
    expect(postRoomId(slug)).toBe(`post-${slug}`);
  expect(
    ["첫-글", "Hello_World.v2", "hello_world.v2", long, `${long}a`, "🦦", "C# & you", "100%?"].map(
      postRoomId,
    ),
  ).toEqual([
    "post-51f3c3166b4c5a07",
    "post-hello-world-v2-ae0c6268528e8cda",
    "post-hello-world-v2-8cde0fd2959d611a",
    "post-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-2885d0ac2e5a9d79",
    "post-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-35feac92c3f8efc8",
    "post-ff9c7d387588c0ac",
    "post-c-you-525c843f4c193a3e",
    "post-100-83101f7659ed26cc",
  ]);
});

test("[C-6] every name gets a room that can be joined, and no two names share one", () => {
  const slugs = [
    "첫-글",
    "글",
    "Hello",
    "hello",
    "HELLO",
    "hello.",
    ".hello",
    "a b",
    "a-b",
    "a  b",
    long,
    `${long}b`,
    "é",
    "e",
  ];
  const rooms = slugs.map(postRoomId);
  for (const room of rooms) expect(room).toMatch(roomIdPattern);
  expect(new Set(rooms).size).toBe(slugs.length);
  expect(postRoomId("첫-글".normalize("NFD")), "in the form that macOS may return").toBe(postRoomId("첫-글"));
});

test("a post's address carries any name", () => {
  expect(postPath("hello")).toBe("/posts/hello");
  expect(postPath("C# & 100%?")).toBe("/posts/C%23%20%26%20100%25%3F");
  expect(decodeURIComponent(postPath("첫-글"))).toBe("/posts/첫-글");
});

test("a slug that no address can carry is an error, and so is a second one with the same room", () => {
  expect(
    slugFaults(["첫-글", "Hello_World.v2", "hello_world.v2", long, "C# & you", "[draft]", "🦦"]),
  ).toEqual([]);
  for (const slug of ["100%", "a\\b", "a\nb", "\ud800"])
    expect(slugFaults(["fine", slug]), JSON.stringify(slug)).toEqual([
      { slug, says: expect.stringContaining("may have no %") },
    ]);
  const decomposed = "첫-글".normalize("NFD");
  expect(slugFaults(["첫-글", decomposed])).toEqual([
    { slug: decomposed, says: "this post and 첫-글 would have one room, post-51f3c3166b4c5a07: rename one" },
  ]);
});
