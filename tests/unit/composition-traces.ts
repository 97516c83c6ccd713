import type { Typed } from "../../components/chat/composition";

/**
 * What browsers tell while somebody writes. "transcribed" means: written down after the source that is named,
 * reduced to the events that matter here. `box` is what the text box holds from then on.
 */
export type Step = Typed | { box: string } | { type: "task" };
export type Trace = { name: string; source: string; steps: Step[]; sent: string[]; left: string };

const enter = (keyCode: number, isComposing: boolean): Typed => ({
  type: "keydown",
  isEnter: true,
  isPlain: true,
  keyCode,
  isComposing,
});
const key = (keyCode: number, isComposing: boolean): Typed => ({
  type: "keydown",
  isEnter: false,
  isPlain: true,
  keyCode,
  isComposing,
});
const enterUp: Typed = { type: "keyup", isEnter: true };
const keyUp: Typed = { type: "keyup", isEnter: false };
const start: Typed = { type: "compositionstart" };
const update = (text: string): Typed => ({ type: "compositionupdate", text });
const end = (text: string): Typed => ({ type: "compositionend", text });
const lineBreak: Typed = { type: "linebreak" };
/** The browser comes to rest: timers run. */
const task: Step = { type: "task" };

const koreanChrome = "https://hyunyikim.github.io/posts/how-to-check-composition-event-in-korean";
const koreanFirefox = "https://github.com/w3c/uievents/issues/202";
const koreanWebKit = "https://github.com/xtermjs/xterm.js/pull/5704";
const japanese = "https://qiita.com/alt_yamamoto/items/8663d047a3794dd5605e";
const safariOrder = "https://bugs.webkit.org/show_bug.cgi?id=165004";
const chinese = "https://ixiaopan.github.io/blog/post/fe/composition";
const ibus = "https://lists.w3.org/Archives/Public/public-editing-tf/2015Nov/0001.html";

const driven = "https://chromedevtools.github.io/devtools-protocol/tot/Input/#method-imeSetComposition";

/** 안, then 녀 and ㅇ: each syllable ends when the next one begins. */
const annyeong: Step[] = [
  key(229, false),
  start,
  update("안"),
  { box: "안" },
  keyUp,
  key(229, true),
  end("안"),
  start,
  update("녕"),
  { box: "안녕" },
  keyUp,
];

export const traces: Trace[] = [
  {
    name: "Korean, Chrome: a second Enter follows the end of the composition (transcribed)",
    source: koreanChrome,
    steps: [...annyeong, enter(229, true), update("녕"), end("녕"), enterUp, enter(13, false), enterUp, task],
    sent: ["안녕"],
    left: "",
  },
  {
    name: "Korean, Chrome: the second Enter comes only in a later task (transcribed, order of tasks varied)",
    source: koreanChrome,
    steps: [...annyeong, enter(229, true), end("녕"), task, enter(13, false), lineBreak, enterUp],
    sent: ["안녕"],
    left: "",
  },
  {
    name: "Korean, Firefox on Windows: a whole set of key events follows (transcribed)",
    source: koreanFirefox,
    steps: [...annyeong, enter(229, true), end("녕"), enter(13, false), enterUp, task],
    sent: ["안녕"],
    left: "",
  },
  {
    name: "Korean, Firefox on a Mac: only a key press follows, seen as a line break (transcribed)",
    source: koreanFirefox,
    steps: [...annyeong, enter(229, true), end("녕"), lineBreak, enterUp, task],
    sent: ["안녕"],
    left: "",
  },
  {
    name: "Korean, an input method after which nothing follows",
    source: koreanFirefox,
    steps: [...annyeong, enter(229, true), end("녕"), enterUp, task],
    sent: ["안녕"],
    left: "",
  },
  {
    name: "Korean, Safari: the composition has ended before Enter is told (transcribed)",
    source: safariOrder,
    steps: [...annyeong, end("녕"), enter(229, false), lineBreak, enterUp, task],
    sent: ["안녕"],
    left: "",
  },
  {
    name: "Korean, Safari: no composition events at all, the syllables are replaced (transcribed)",
    source: koreanWebKit,
    steps: [key(229, false), { box: "안녕" }, keyUp, enter(229, false), lineBreak, enterUp, task],
    sent: ["안녕"],
    left: "",
  },
  {
    name: "Japanese, Chrome and Edge: Enter only chooses (transcribed)",
    source: japanese,
    steps: [
      ...[key(229, false), start, update("に"), { box: "に" }, keyUp],
      ...[key(229, true), update("日本"), { box: "日本" }, keyUp],
      ...[enter(229, true), update("日本"), end("日本"), enterUp, task],
    ],
    sent: [],
    left: "日本",
  },
  {
    name: "Japanese, Firefox: Enter chooses, and the next Enter sends (transcribed)",
    source: japanese,
    steps: [
      ...[
        key(229, false),
        start,
        update("に"),
        { box: "に" },
        keyUp,
        key(229, true),
        update("日本"),
        { box: "日本" },
      ],
      ...[enter(229, true), end("日本"), enterUp, task],
      ...[enter(13, false), lineBreak, enterUp, task],
    ],
    sent: ["日本"],
    left: "",
  },
  {
    name: "Japanese, Safari: keydown comes last, with 229 and not composing (transcribed)",
    source: japanese,
    steps: [
      ...[
        start,
        update("に"),
        { box: "に" },
        key(229, true),
        keyUp,
        update("日本"),
        { box: "日本" },
        key(229, true),
      ],
      ...[end("日本"), enter(229, false), enterUp, task],
    ],
    sent: [],
    left: "日本",
  },
  {
    name: "Japanese, Safari: and the next Enter sends (transcribed)",
    source: japanese,
    steps: [
      ...[
        start,
        update("日本"),
        { box: "日本" },
        key(229, true),
        end("日本"),
        enter(229, false),
        enterUp,
        task,
      ],
      ...[enter(13, false), enterUp, task],
    ],
    sent: ["日本"],
    left: "",
  },
  {
    name: "Chinese, Chrome: Enter commits the letters as they are (transcribed)",
    source: chinese,
    steps: [
      ...[
        key(229, false),
        start,
        update("n"),
        { box: "n" },
        keyUp,
        key(229, true),
        update("nihao"),
        { box: "nihao" },
      ],
      ...[enter(229, true), end("nihao"), enterUp, task],
    ],
    sent: [],
    left: "nihao",
  },
  {
    name: "Chinese, Safari: the composition has ended before the key is told (transcribed)",
    source: chinese,
    steps: [
      ...[start, update("ni hao"), { box: "ni hao" }, key(229, true), keyUp],
      ...[{ box: "你好" }, end("你好"), enter(229, false), enterUp, task],
    ],
    sent: [],
    left: "你好",
  },
  {
    name: "Chinese, Firefox: the same order as Chrome (transcribed)",
    source: chinese,
    steps: [
      ...[
        key(229, false),
        start,
        update("nihao"),
        { box: "nihao" },
        keyUp,
        enter(229, true),
        end("nihao"),
        enterUp,
      ],
      ...[task, enter(13, false), enterUp, task],
    ],
    sent: ["nihao"],
    left: "",
  },
  {
    name: "Chinese, ibus on Chromium: made-up key events surround the commit (transcribed)",
    source: ibus,
    steps: [
      ...[
        key(229, false),
        start,
        update("你"),
        { box: "你" },
        enter(229, true),
        end("你"),
        { box: "" },
        keyUp,
      ],
      ...[key(229, false), { box: "你" }, keyUp, task],
    ],
    sent: [],
    left: "你",
  },
  {
    name: "Japanese, a browser driven by a program: a line break in the same key press commits and breaks nothing",
    source: driven,
    steps: [
      ...[start, update("日本"), { box: "日本" }, enter(13, true), lineBreak, end("日本"), enterUp, task],
      ...[enter(13, false), enterUp],
    ],
    sent: ["日本"],
    left: "",
  },
  {
    name: "Korean, a browser driven by a program: the line break ends the composition, which sends",
    source: driven,
    steps: [start, update("밥"), { box: "밥" }, enter(13, true), lineBreak, end("밥"), enterUp, task],
    sent: ["밥"],
    left: "",
  },
];
