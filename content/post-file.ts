import { z } from "zod";
import { isDay } from "../protocol/posts";
import { readFields, SiteError } from "./faults";
import { line, must, mustHaveFields, text } from "./fields";
import { readText } from "./read-text";

/** What the head of a post says in one language. */
export type PostHead = {
  title: string;
  /** As 2026-11-21. */
  date: string;
  summary: string;
  tags: string[];
};

/** One language of a post. `body` has an empty line for each line of the head, so that its lines keep their numbers. */
export type PostFile = { file: string; head: PostHead; isDraft: boolean; body: string };

const head = z.strictObject(
  {
    title: line(200),
    date: z
      .string(must("a day such as 2026-11-21"))
      .refine(isDay, { error: "must be a day such as 2026-11-21" }),
    summary: text(500),
    tags: z
      .array(line(40), must("a list such as [courtyards, chat]"))
      .max(10, "has more than 10 tags")
      .refine((all) => new Set(all).size === all.length, { error: "has a tag twice" })
      .default([]),
    draft: z.boolean(must("true or false")).default(false),
  },
  mustHaveFields,
);

/** The lines between the first `---` and the next. */
const frontMatter = /^---[ \t]*\n([\s\S]*?)^---[ \t]*(?:\n|$)/m;

/** Throws a SiteError that names file and line of each mistake. */
export function readPostFile(file: string): PostFile {
  const whole = readText(file);
  const [matter, fields] = whole.search(frontMatter) === 0 ? (frontMatter.exec(whole) ?? []) : [];
  if (matter === undefined || fields === undefined)
    throw new SiteError([
      { file, line: 1, says: "a post begins with a line ---, its fields, and another line ---" },
    ]);
  const { draft: isDraft, ...rest } = readFields({ file, text: fields, firstLine: 2 }, head);
  const body = matter.replace(/[^\n]/g, "") + whole.slice(matter.length);
  return { file, head: rest, isDraft, body };
}
