import { readPosts } from "../../content/posts";
import { readSite } from "../../content/site";
import { expect, test } from "../support/plain-test";
import { faultsOf, siteFolderWith } from "./site-folder";

const site = '{\n  "languages": ["ko"],\n  "name": "나무",\n  "tagline": "읽는 곳"\n}\n';
const readKorean = (folder: string) =>
  readPosts(folder, { languages: { original: "ko", on: ["ko"] }, withDrafts: false });

const post = (title: string) => `---\n${title}\ndate: 2026-11-21\nsummary: x\n---\n\n글\n`;
const faults = async (title: string) =>
  faultsOf(await siteFolderWith({ "posts/a/ko.mdx": post(title) }), readKorean);

const eucKr = (text: string) =>
  Buffer.concat(text.split("나무").flatMap((part, at) => [...(at ? [nation] : []), Buffer.from(part)]));
const nation = Buffer.from([0xb3, 0xaa, 0xb9, 0xab]);

for (const [what, bytes, fault] of [
  ["EUC-KR", eucKr(site.replace("읽는 곳", "x")), "3: this line is not in UTF-8: save the file as UTF-8"],
  [
    "Latin-1",
    Buffer.from(site.replace("나무", "\u00e9t\u00e9"), "latin1"),
    "3: this line is not in UTF-8: save the file as UTF-8",
  ],
  [
    "UTF-16 with its mark",
    Buffer.from(`\ufeff${site}`, "utf16le"),
    "1: this file is in UTF-16: save it as UTF-8",
  ],
  ["UTF-16 without it", Buffer.from(site, "utf16le"), "1: this file is in UTF-16: save it as UTF-8"],
  [
    "UTF-16, the other way round",
    Buffer.from(`\ufeff${site}`, "utf16le").swap16(),
    "1: this file is in UTF-16: save it as UTF-8",
  ],
  [
    "a control character",
    Buffer.from(site.replace("나무", "나\u0000무")),
    "3: this line has a control character, which no letter is: write the line again",
  ],
] as const)
  test(`a file in ${what} is reported with its line, in site.json and in a post`, async () => {
    const folder = await siteFolderWith({ "site.json": bytes, "posts/a/ko.mdx": bytes });
    expect(faultsOf(folder, readSite)).toEqual([`site.json:${fault}`]);
    expect(faultsOf(folder, readKorean)).toEqual([`posts/a/ko.mdx:${fault}`]);
  });

for (const [what, write] of [
  ["the mark of UTF-8", (text: string) => `\ufeff${text}`],
  ["the line ends of Windows", (text: string) => text.replaceAll("\n", "\r\n")],
  ["the line ends of old Macs", (text: string) => text.replaceAll("\n", "\r")],
] as const)
  test(`a file with ${what} is read like any other`, async () => {
    const folder = await siteFolderWith({
      "site.json": write(site),
      "posts/a/ko.mdx": write(post("title: 나무")),
    });
    expect(readSite(folder).name.ko).toBe("나무");
    expect(readKorean(folder)[0]?.heads.get("ko")?.title).toBe("나무");
  });

for (const [title, says] of [
  ["title: *bold*", "a text that begins with * needs quotation marks"],
  ["title: &a b", "a text that begins with & needs quotation marks"],
  ["title: !wow x", "a text that begins with ! needs quotation marks"],
  ["title: !!str 3", "a text that begins with ! needs quotation marks"],
  ["title: @home", "a text that begins with this character needs quotation marks"],
  ["title: C# and F #1", "a text with # needs quotation marks: what follows # is left out"],
  ["title: One\n  #2", "a text with # needs quotation marks: what follows # is left out"],
  ["title: #1", "title must be a text in quotation marks"],
  ["title: One: two", "a text with a colon needs quotation marks"],
  [
    'title: "One" two',
    "this does not belong here: a bracket is one too many, or a text needs quotation marks around the whole of it",
  ],
  ['title: "One', "a quotation mark is missing"],
  [
    "title：One",
    "a quotation mark is missing here or on the line before, or a colon and a space behind a field’s name",
  ],
  ["title: |\n  One\n  two", "title must be one line"],
  ['title: "A\\q"', "a backslash is written twice within quotation marks: \\\\"],
  ["// mine\ntitle: x", "a remark begins with # in this file"],
  ['title: "a\\u0007b"', "title has a control character"],
  ['title: "\\u200B"', "title has nothing that can be seen"],
  ["title: a\u200bb", "title has an invisible character"],
  ["title: a\u202eb", "title has an invisible character that turns the direction of writing"],
  ["title: a\ufffdb", "title has a broken character: write the text again"],
] as const)
  test(`a post with the head ${JSON.stringify(title)} is reported in one sentence with its line`, async () => {
    expect(await faults(title)).toEqual([`posts/a/ko.mdx:2: ${says}`]);
  });

test("quoted texts with signs, texts with a comment beside them, and joined letters are read unchanged", async () => {
  for (const [title, meant] of [
    ['title: "C# and F #1" # a remark', "C# and F #1"],
    ["# a remark\ntitle: C# and F", "C# and F"],
    ["title: https://a.example/#x", "https://a.example/#x"],
    ["title: One\n  and more", "One and more"],
    ["title: 👩‍🚀 ❤️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 葛󠄀 می‌خواهم", "👩‍🚀 ❤️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 葛󠄀 می‌خواهم"],
  ] as const) {
    const folder = await siteFolderWith({ "posts/a/ko.mdx": post(title) });
    expect(readKorean(folder)[0]?.heads.get("ko")?.title).toBe(meant);
  }
});

for (const [from, to, fault] of [
  ["나무", "나\\u0000무", "3: name has a control character"],
  ["나무", "나\u202e무", "3: name has an invisible character that turns the direction of writing"],
  ["나무", "\u200b", "3: name has nothing that can be seen"],
  ["나무", "\\ud83d", "3: name has a broken character: write the text again"],
  ["나무", "나\\n무", "3: name must be one line"],
  [
    '"나무",',
    '"나무", }',
    "4: this does not belong here: a bracket is one too many, or a text needs quotation marks around the whole of it",
  ],
  ["{\n", "{ // mine\n", "1: a remark begins with # in this file"],
  ["{\n", "/* mine */ {\n", "1: a remark begins with # in this file"],
] as const)
  test(`a site.json with ${JSON.stringify(to)} is reported in one sentence with its line`, async () => {
    expect(faultsOf(await siteFolderWith({ "site.json": site.replace(from, to) }), readSite)).toEqual([
      `site.json:${fault}`,
    ]);
  });
