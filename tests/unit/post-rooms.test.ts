import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "@playwright/test";
import { listPosts } from "../../components/blog/posts";
import { readPostRooms } from "../../server/posts";

test("[C-6] every post of the site has a room that goes by its English title", async () => {
  const posts = await listPosts("en");
  expect(posts.length).toBeGreaterThan(0);
  const expected = posts.map(({ slug, title }) => [`post-${slug}`, title]);
  expect(Object.fromEntries(readPostRooms())).toEqual(Object.fromEntries(expected));
});

test("[C-6] a title is read as it is written, and where it cannot be, the slug stands for it", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "madang-posts-"));
  const write = async (slug: string, text: string, file = "en.mdx") => {
    await mkdir(path.join(folder, slug), { recursive: true });
    await writeFile(path.join(folder, slug, file), text);
  };
  try {
    expect(readPostRooms(path.join(folder, "nowhere")).size).toBe(0);
    await write("double", 'export const date = "x";\nexport const title = "Say \\"hi\\" — it\'s 마당";\n');
    await write("single", "export const title = 'It\\'s fine';\n");
    await write("odd", "export const title = one + other;\n");
    await write("only-korean", 'export const title = "x";', "ko.mdx");
    await write("Not-A-Room", 'export const title = "x";');
    await writeFile(path.join(folder, "a-file.mdx"), "");
    expect(Object.fromEntries(readPostRooms(folder))).toEqual({
      "post-double": 'Say "hi" — it\'s 마당',
      "post-single": "It's fine",
      "post-odd": "odd",
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});
