import { readSite } from "../../content/site";
import { expect, test } from "../support/plain-test";
import { drawing, faultsOf, siteFolderWith } from "./site-folder";

const korean = { languages: ["ko"], name: "나무의 블로그", tagline: "읽는 곳" };
const read = async (site: object, files: Record<string, string> = {}) =>
  readSite(await siteFolderWith({ ...files, "site.json": JSON.stringify(site) }));

/** Each line of `text` is a line of site.json. */
const faults = async (text: string) => faultsOf(await siteFolderWith({ "site.json": text }), readSite);

test("three fields are enough for a site; the others have defaults", async () => {
  const site = await read(korean);
  expect(site.languages).toEqual({ original: "ko", on: ["ko"] });
  expect(site.name.ko).toBe("나무의 블로그");
  expect(site.appName.ko, "the app has the site's name").toBe("나무의 블로그");
  expect(site.home).toEqual({ title: site.name, lead: site.tagline });
  expect(site.links).toEqual([]);
  for (const field of [site.accent, site.logo, site.metadataBase, site.secondName, site.welcome])
    expect(field).toBeUndefined();
});

test("the first language is the default, unless the owner names another enabled one", async () => {
  const both = { ...korean, languages: ["ko", "en"] };
  expect((await read(both)).languages.original).toBe("ko");
  expect((await read({ ...both, defaultLanguage: "en" })).languages).toEqual({
    original: "en",
    on: ["ko", "en"],
  });
});

test("a text is one for all languages, or one for each enabled language; texts of disabled languages are ignored", async () => {
  const site = await read({
    ...korean,
    languages: ["ko", "ja"],
    tagline: { ko: "읽는 곳", ja: "読む場所", en: "A place to read" },
  });
  expect([site.name.ko, site.name.ja]).toEqual(["나무의 블로그", "나무의 블로그"]);
  expect([site.tagline.ko, site.tagline.ja]).toEqual(["읽는 곳", "読む場所"]);
});

test("every field is read, and pictures get their sizes", async () => {
  const label = { ko: "소개" };
  const site = await read(
    {
      ...korean,
      metadataBase: "https://Blog.Example/",
      accent: "#1D6fb8",
      logo: "/logo.svg",
      secondName: { text: "樹", lang: "zh" },
      links: [
        { label, href: "/posts/about" },
        { label: "Mail", href: "mailto:me@blog.example" },
      ],
      home: { title: "어서 오세요", lead: "숲", picture: "/%EC%88%B2.svg" },
      welcome: { text: "안녕하세요", link: { label, href: "/posts/rules" } },
      privacy: { text: "혼자\n\n운영합니다", imprint: "https://blog.example/imprint" },
    },
    { "public/logo.svg": drawing(40, 20), "public/숲.svg": drawing(800, 600) },
  );
  expect(site).toMatchObject({
    metadataBase: "https://blog.example",
    accent: "#1D6fb8",
    logo: { src: "/logo.svg", width: 40, height: 20 },
    home: { picture: { src: "/%EC%88%B2.svg", width: 800, height: 600 } },
    welcome: { text: { ko: "안녕하세요" }, link: { label: { ko: "소개" }, href: "/posts/rules" } },
    privacy: { text: { ko: "혼자\n\n운영합니다" }, imprint: "https://blog.example/imprint" },
  });
  expect(site.links.map(({ href }) => href)).toEqual(["/posts/about", "mailto:me@blog.example"]);
});

test("each wrong field makes a sentence with file and line, and all are reported at once", async () => {
  const text = `{
    "languages": ["en", "ko"],
    "name": { "en": "Namu",
      "fr": "Arbre" },
    "tagline": 7,
    "acent": "#123456",
    "accent": "blue",
    "metadataBase": "https://blog.example/blog",
    "logo": "/missing.svg",
    "links": [
      { "label": "Fine", "href": "https://blog.example" },
      { "label": "Bad", "href": "javascript:alert(1)" },
      { "label": "A label that is far too long", "href": "//evil.example" }
    ],
    "home": { "picture": "https://other.example/x.png" },
    "welcome": { "text": "" }
  }`;
  expect(await faults(text)).toEqual([
    "site.json:3: name.ko is missing",
    "site.json:4: name.fr is in no language that Madang speaks: en, ko, ja",
    "site.json:5: tagline must be a text in quotation marks",
    "site.json:6: acent is no field of this file",
    "site.json:7: accent must be a colour such as #ad400c",
    "site.json:8: metadataBase must be an address without a path, as https://blog.example",
    "site.json:9: logo does not exist: there is no site/public/missing.svg",
    "site.json:12: links[1].href must be an address such as https://example.org, mailto:me@example.org or /posts/about",
    "site.json:13: links[2].label has more than 24 characters",
    "site.json:13: links[2].href must be an address such as https://example.org, mailto:me@example.org or /posts/about",
    "site.json:15: home.picture is on another site, from which this site’s pages load nothing: put the file into site/public",
    "site.json:16: welcome.text is empty",
  ]);
});

for (const [what, text, fault] of [
  ["no file", undefined, "site.json: this file is missing; docs/site.md shows one to begin with"],
  ["an empty file", "", "site.json:1: languages is missing"],
  ["a list", "[]", "site.json:1: this text must be a list of fields, as docs/site.md shows it"],
  ["a text", '"x"', "site.json:1: this text must be a list of fields, as docs/site.md shows it"],
  [
    "a missing comma",
    '{\n "languages": ["ko"]\n "name": "x"\n}',
    "site.json:3: a comma, a quotation mark or a bracket is missing here or on the line before",
  ],
  [
    "a missing bracket",
    '{\n "languages": ["ko",\n',
    "site.json:3: a bracket is missing here or on the line before, or this line needs more spaces before it",
  ],
  [
    "a field twice",
    '{ "languages": ["ko"],\n "languages": ["ja"] }',
    "site.json:2: this field is there twice",
  ],
  ["no language", '{ "languages": [] }', "site.json:1: languages must have at least one language"],
  [
    "an unknown language",
    '{\n"languages": [\n"ko",\n"fr"] }',
    "site.json:4: languages[1] must be one of en, ko, ja",
  ],
  ["a language twice", '{ "languages": ["ko", "ko"] }', "site.json:1: languages has a language twice"],
  [
    "one word",
    '{ "languages": "ko" }',
    'site.json:1: languages must be a list of languages such as ["ko", "en"]',
  ],
  [
    "a default language that is not enabled",
    '{ "languages": ["ko"],\n "defaultLanguage": "en" }',
    "site.json:2: defaultLanguage must be one of languages: ko",
  ],
] as const)
  test(`a site.json with ${what} says so`, async () => {
    const folder = await siteFolderWith(text === undefined ? {} : { "site.json": text });
    expect(faultsOf(folder, readSite)).toEqual([fault]);
  });

test("a file that is not a picture, or is outside the folder, is refused", async () => {
  const folder = await siteFolderWith({
    "site.json":
      '{ "languages": ["ko"], "name": "x", "tagline": "x",\n "logo": "/a.txt",\n "home": { "picture": "/../site.json" } }',
    "public/a.txt": "no picture",
  });
  expect(faultsOf(folder, readSite)).toEqual([
    "site.json:2: logo has no size that can be read: is site/public/a.txt a picture?",
    "site.json:3: home.picture does not exist: there is no site/public/../site.json",
  ]);
});
