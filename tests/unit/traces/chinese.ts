import {
  composed,
  composedBeforeKeys,
  composing,
  end,
  enter,
  enterUp,
  inputMethod,
  key,
  keyUp,
  plainEnter,
  start,
  type Trace,
  task,
  update,
} from "./steps";

/** Pinyin: "Chrome / Firefox: keydown (composing), compositionend; Safari: compositionend, keydown". */
const orders = "https://github.com/nearai/ironclaw/issues/1139";
/** Enter takes the letters as they are; Safari sends the key event after the end. */
const letters = "https://github.com/element-hq/element-web/issues/10957";
/** "keydown (composing), compositionend, keyup" in Firefox. */
const firefox = "https://github.com/threema-ch/threema-web/pull/879";
/** "macOS Chinese IME (and some on Windows): Enter with 229 after compositionend", in Chromium. */
const lateInChromium = "https://github.com/NousResearch/hermes-agent/pull/41026";
/** "asd", deleted letter by letter. */
const emptied = "https://ixiaopan.github.io/blog/post/fe/composition";
const ibus = "https://lists.w3.org/Archives/Public/public-editing-tf/2015Nov/0001.html";

const typed = ["n", "ni", "ni h", "ni hao"];
const isKept = { sent: [], left: "nihao" };
const isSent = { sent: ["nihao"], left: "" };
const taken = [enter(inputMethod, composing), update("nihao"), { box: "nihao" }, end("nihao"), enterUp, task];
const takenInSafari = [{ box: "nihao" }, end("nihao"), enter(inputMethod), enterUp, task];

export const chinese: Trace[] = [
  {
    browser: "Chrome",
    name: "Enter takes the letters as they are",
    origin: "transcribed",
    source: orders,
    steps: [...composed(...typed), ...taken],
    ...isKept,
  },
  {
    browser: "Chrome",
    name: "the second Enter sends them",
    origin: "transcribed",
    source: orders,
    steps: [...composed(...typed), ...taken, ...plainEnter],
    ...isSent,
  },
  {
    browser: "Chrome",
    name: "an input method that sends Enter after the end",
    origin: "transcribed",
    source: lateInChromium,
    steps: [...composed(...typed), ...takenInSafari, ...plainEnter],
    ...isSent,
  },
  {
    browser: "Chrome",
    name: "a word chosen with a space, then one Enter sends",
    origin: "derived",
    source: orders,
    steps: [
      ...composed(...typed),
      ...[key(inputMethod, composing), update("你好"), { box: "你好" }, end("你好"), keyUp, ...plainEnter],
    ],
    sent: ["你好"],
    left: "",
  },
  {
    browser: "Firefox",
    name: "Enter takes the letters as they are",
    origin: "transcribed",
    source: orders,
    steps: [
      ...composed(...typed),
      ...[enter(inputMethod, composing), { box: "nihao" }, end("nihao"), enterUp, task],
    ],
    ...isKept,
  },
  {
    browser: "Firefox",
    name: "the second Enter sends them",
    origin: "derived",
    source: firefox,
    steps: [
      ...composed(...typed),
      ...[enter(inputMethod, composing), { box: "nihao" }, end("nihao"), enterUp, task, ...plainEnter],
    ],
    ...isSent,
  },
  {
    browser: "Safari",
    name: "Enter takes the letters, and its event comes after the end",
    origin: "transcribed",
    source: letters,
    steps: [...composedBeforeKeys(...typed), ...takenInSafari],
    ...isKept,
  },
  {
    browser: "Safari",
    name: "the second Enter sends them",
    origin: "transcribed",
    source: orders,
    steps: [...composedBeforeKeys(...typed), ...takenInSafari, ...plainEnter],
    ...isSent,
  },
  {
    browser: "Safari",
    name: "the last letter is deleted, and its key event comes after the end: Enter sends the earlier text",
    origin: "derived",
    source: emptied,
    steps: [
      ...[{ box: "好" }, ...composedBeforeKeys("n"), { box: "好" }, end(""), key(inputMethod), keyUp],
      ...plainEnter,
    ],
    sent: ["好"],
    left: "",
  },
  {
    browser: "another",
    name: "ibus on Chromium: made-up key events surround the commit",
    origin: "transcribed",
    source: ibus,
    steps: [
      ...[key(inputMethod), start, update("你"), { box: "你" }],
      ...[enter(inputMethod, composing), end("你"), { box: "" }, keyUp],
      ...[key(inputMethod), { box: "你" }, keyUp, task],
    ],
    sent: [],
    left: "你",
  },
];
