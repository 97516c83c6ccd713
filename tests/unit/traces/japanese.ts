import {
  composed,
  composedBeforeKeys,
  composing,
  end,
  enter,
  enterUp,
  inputMethod,
  lineBreak,
  plainEnter,
  type Trace,
  task,
  update,
} from "./steps";

/** Tables for Chrome 99, Edge 99, Firefox 98 and Safari 15, on Macs and Windows. */
const tables = "https://qiita.com/alt_yamamoto/items/8663d047a3794dd5605e";
/** In Firefox, "Process" at keydown and "Enter" at keyup. */
const processKey = "https://github.com/ppy/osu-web/pull/10719";
/** "The Enter that commits calls insertText: and is the input method's." */
const safariNew = "https://github.com/WebKit/WebKit/pull/64874";
const driven = "https://chromedevtools.github.io/devtools-protocol/tot/Input/#method-imeSetComposition";

const typed = ["に", "にほ", "にほん", "日本"];
const isKept = { sent: [], left: "日本" };
const isSent = { sent: ["日本"], left: "" };
const chosen = [enter(inputMethod, composing), update("日本"), end("日本"), enterUp, task];
const chosenInSafari = [end("日本"), enter(inputMethod), enterUp, task];

export const japanese: Trace[] = [
  {
    browser: "Chrome",
    name: "Enter only chooses",
    origin: "transcribed",
    source: tables,
    steps: [...composed(...typed), ...chosen],
    ...isKept,
  },
  {
    browser: "Chrome",
    name: "the second Enter sends",
    origin: "transcribed",
    source: tables,
    steps: [...composed(...typed), ...chosen, ...plainEnter],
    ...isSent,
  },
  {
    browser: "Chrome",
    name: "a held Enter chooses, and does not send afterwards",
    origin: "derived",
    source: tables,
    steps: [
      ...composed(...typed),
      ...[enter(inputMethod, composing), end("日本"), task],
      ...[enter(13, { isRepeat: true }), enter(13, { isRepeat: true }), enterUp, task],
    ],
    ...isKept,
  },
  {
    browser: "Chrome",
    name: "a candidate chosen with the mouse, then one Enter sends",
    origin: "derived",
    source: tables,
    steps: [...composed(...typed), end("日本"), task, ...plainEnter],
    ...isSent,
  },
  {
    browser: "Firefox",
    name: "Enter only chooses",
    origin: "transcribed",
    source: tables,
    steps: [...composed(...typed), enter(inputMethod, composing), end("日本"), enterUp, task],
    ...isKept,
  },
  {
    browser: "Firefox",
    name: "the second Enter sends",
    origin: "transcribed",
    source: processKey,
    steps: [...composed(...typed), enter(inputMethod, composing), end("日本"), enterUp, task, ...plainEnter],
    ...isSent,
  },
  {
    browser: "Safari",
    name: "keydown comes last, with 229 and not composing, and only chooses",
    origin: "transcribed",
    source: tables,
    steps: [...composedBeforeKeys(...typed), ...chosenInSafari],
    ...isKept,
  },
  {
    browser: "Safari",
    name: "the second Enter sends",
    origin: "transcribed",
    source: tables,
    steps: [...composedBeforeKeys(...typed), ...chosenInSafari, ...plainEnter],
    ...isSent,
  },
  {
    browser: "Safari",
    name: "a held Enter chooses, and does not send afterwards",
    origin: "derived",
    source: tables,
    steps: [
      ...composedBeforeKeys(...typed),
      ...[end("日本"), enter(inputMethod), enter(13, { isRepeat: true }), enterUp, task],
    ],
    ...isKept,
  },
  {
    browser: "Safari",
    name: "since WebKit's bug 311717: in Chrome's order, and the second Enter sends",
    origin: "derived",
    source: safariNew,
    steps: [...composed(...typed), enter(inputMethod, composing), end("日本"), enterUp, task, ...plainEnter],
    ...isSent,
  },
  {
    browser: "another",
    name: "driven by a program: a line break in the same key press commits and breaks nothing",
    origin: "derived",
    source: driven,
    steps: [
      ...composed("日本"),
      ...[enter(13, composing), lineBreak, end("日本"), enterUp, task, enter(13), enterUp],
    ],
    ...isSent,
  },
];
