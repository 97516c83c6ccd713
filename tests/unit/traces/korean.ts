import {
  composing,
  end,
  enter,
  enterUp,
  hangul,
  hangulBeforeKeys,
  inputMethod,
  key,
  keyUp,
  lineBreak,
  plainEnter,
  type Step,
  start,
  type Trace,
  task,
  update,
} from "./steps";

const chrome = "https://hyunyikim.github.io/posts/how-to-check-composition-event-in-korean";
const chromeWindows =
  "https://contenteditable.realerror.com/cases/ce-0210-ime-keydown-keycode-229-enter-chrome";
const chromeMac = "https://github.com/Julian-adv/OpenMMO/pull/2";
/** Masayuki Nakano, who wrote it for Firefox, on 2 August 2018. */
const firefox = "https://github.com/w3c/uievents/issues/202";
const safari = "https://bugs.webkit.org/show_bug.cgi?id=165004";
const safariReplacing = "https://github.com/xtermjs/xterm.js/pull/5704";
/** 2-Set Korean commits the syllable, and passes the key that did it to the page. */
const safariNew = "https://github.com/WebKit/WebKit/pull/66438";
const driven = "https://chromedevtools.github.io/devtools-protocol/tot/Input/#method-imeSetComposition";

const hello = "안녕하세요";
const isSent = { sent: [hello], left: "" };
const shifted = { isPlain: false };

/** 2-Set Korean in Safari without composition: each syllable replaces what was there. */
const replaced: Step[] = [...hello].flatMap((_, index) => [
  key(inputMethod),
  { box: hello.slice(0, index + 1) },
  keyUp,
]);

export const korean: Trace[] = [
  {
    browser: "Chrome",
    name: "a second Enter follows the end of the composition",
    origin: "transcribed",
    source: chrome,
    steps: [
      ...hangul(hello),
      ...[enter(inputMethod, composing), update("요"), end("요"), enterUp, enter(13), enterUp, task],
    ],
    ...isSent,
  },
  {
    browser: "Chrome",
    name: "on Windows the second Enter comes without the first one's keyup",
    origin: "transcribed",
    source: chromeWindows,
    steps: [...hangul(hello), enter(inputMethod, composing), end("요"), enter(13), lineBreak, enterUp, task],
    ...isSent,
  },
  {
    browser: "Chrome",
    name: "on a Mac Enter keeps its own number while composing, and the second one comes in a later task",
    origin: "derived",
    source: chromeMac,
    steps: [...hangul(hello), enter(13, composing), end("요"), task, enter(13), lineBreak, enterUp],
    ...isSent,
  },
  {
    browser: "Chrome",
    name: "Enter held down for long sends once",
    origin: "derived",
    source: chrome,
    steps: [
      ...hangul(hello),
      ...[enter(inputMethod, composing), end("요"), enter(13), task, { box: "다음" }],
      ...[enter(13, { isRepeat: true }), lineBreak, enter(13, { isRepeat: true }), enterUp, task],
    ],
    sent: [hello],
    left: "다음",
  },
  {
    browser: "Chrome",
    name: "Shift+Enter ends the syllable, breaks the line and does not send",
    origin: "derived",
    source: chrome,
    steps: [
      ...hangul(hello),
      ...[enter(inputMethod, { ...composing, ...shifted }), end("요"), enter(13, shifted), lineBreak, task],
    ],
    sent: [],
    left: `${hello}\n`,
  },
  {
    browser: "Firefox",
    name: "on Windows a whole set of key events follows",
    origin: "transcribed",
    source: firefox,
    steps: [...hangul(hello), enter(inputMethod, composing), end("요"), enter(13), lineBreak, enterUp, task],
    ...isSent,
  },
  {
    browser: "Firefox",
    name: "on a Mac only a key press follows, seen as a line break",
    origin: "transcribed",
    source: firefox,
    steps: [...hangul(hello), enter(inputMethod, composing), end("요"), lineBreak, enterUp, task],
    ...isSent,
  },
  {
    browser: "Firefox",
    name: "on a Mac Shift+Enter breaks the line",
    origin: "derived",
    source: firefox,
    steps: [
      ...hangul(hello),
      ...[enter(inputMethod, { ...composing, ...shifted }), end("요"), lineBreak, enterUp, task],
    ],
    sent: [],
    left: `${hello}\n`,
  },
  {
    browser: "Safari",
    name: "the composition has ended before the Enter event",
    origin: "transcribed",
    source: safari,
    steps: [...hangulBeforeKeys(hello), end("요"), enter(inputMethod), lineBreak, enterUp, task],
    ...isSent,
  },
  {
    browser: "Safari",
    name: "no composition events at all: the syllables are replaced",
    origin: "transcribed",
    source: safariReplacing,
    steps: [...replaced, enter(inputMethod), lineBreak, enterUp, task],
    ...isSent,
  },
  {
    browser: "Safari",
    name: "no composition events, and Enter is only for the page",
    origin: "derived",
    source: safariReplacing,
    steps: [...replaced, ...plainEnter],
    ...isSent,
  },
  {
    browser: "Safari",
    name: "since WebKit's bug 311717: the key comes first, and is passed to the page",
    origin: "derived",
    source: safariNew,
    steps: [...hangul(hello), enter(13, composing), end("요"), lineBreak, enterUp, task],
    ...isSent,
  },
  {
    browser: "Safari",
    name: "Shift+Enter breaks the line",
    origin: "derived",
    source: safari,
    steps: [...hangulBeforeKeys(hello), end("요"), enter(inputMethod, shifted), lineBreak, enterUp, task],
    sent: [],
    left: `${hello}\n`,
  },
  {
    browser: "another",
    name: "an input method after which nothing follows",
    origin: "derived",
    source: firefox,
    steps: [...hangul(hello), enter(inputMethod, composing), end("요"), enterUp, task],
    ...isSent,
  },
  {
    browser: "another",
    name: "driven by a program: the line break ends the composition, which sends",
    origin: "derived",
    source: driven,
    steps: [
      ...[start, update("밥"), { box: "밥" }, enter(13, composing), lineBreak, end("밥"), enterUp, task],
    ],
    sent: ["밥"],
    left: "",
  },
];
