import type { Typed } from "../../../components/chat/composer/composition";

/** `box` is what the text box holds from then on; `task`: the browser comes to rest, and timers run. */
export type Step = Typed | { box: string } | { type: "task" };

/**
 * What a browser tells while a visitor writes, reduced to the events that matter here. `transcribed`: in the order that the
 * source gives for this script in this browser. `derived`: the source tells of the same key in the same browser, but of another
 * script, or of less than the whole order.
 */
export type Trace = {
  browser: "Chrome" | "Safari" | "Firefox" | "another";
  name: string;
  origin: "transcribed" | "derived";
  source: string;
  steps: Step[];
  sent: string[];
  left: string;
};

type KeyState = { isComposing?: boolean; isPlain?: boolean; isRepeat?: boolean };

const pressed = (isEnter: boolean, keyCode: number, state: KeyState): Typed => ({
  type: "keydown",
  isEnter,
  isPlain: true,
  isRepeat: false,
  isComposing: false,
  keyCode,
  ...state,
});

export const inputMethod = 229;

export const enter = (keyCode: number, state: KeyState = {}): Typed => pressed(true, keyCode, state);
/** Any other key. */
export const key = (keyCode: number, state: KeyState = {}): Typed => pressed(false, keyCode, state);
export const composing: KeyState = { isComposing: true };
export const enterUp: Typed = { type: "keyup", isEnter: true };
export const keyUp: Typed = { type: "keyup", isEnter: false };
export const start: Typed = { type: "compositionstart" };
export const update = (text: string): Typed => ({ type: "compositionupdate", text });
export const end = (text: string): Typed => ({ type: "compositionend", text });
export const lineBreak: Typed = { type: "linebreak" };
export const blur: Typed = { type: "blur" };
export const task: Step = { type: "task" };
/** An Enter that no input method is interested in. */
export const plainEnter: Step[] = [enter(13), lineBreak, enterUp, task];

/** Where the key is told first: Chrome, Firefox, and Safari since WebKit's bug 311717. The last text stays open. */
export const composed = (...texts: string[]): Step[] =>
  texts.flatMap((text, index) => [
    key(inputMethod, { isComposing: index > 0 }),
    ...(index === 0 ? [start] : []),
    update(text),
    { box: text },
    keyUp,
  ]);

/** Where the key is told last: Safari until then. */
export const composedBeforeKeys = (...texts: string[]): Step[] =>
  texts.flatMap((text, index) => [
    ...(index === 0 ? [start] : []),
    update(text),
    { box: text },
    key(inputMethod, composing),
    keyUp,
  ]);

/** A syllable ends when the next one begins; the last one stays open. The key is told first. */
export const hangul = (text: string): Step[] =>
  [...text].flatMap((syllable, index) => [
    key(inputMethod, { isComposing: index > 0 }),
    ...(index > 0 ? [end(text[index - 1] ?? "")] : []),
    start,
    update(syllable),
    { box: text.slice(0, index + 1) },
    keyUp,
  ]);

/** The same with the key told last. */
export const hangulBeforeKeys = (text: string): Step[] =>
  [...text].flatMap((syllable, index) => [
    ...(index > 0 ? [end(text[index - 1] ?? "")] : []),
    start,
    update(syllable),
    { box: text.slice(0, index + 1) },
    key(inputMethod, composing),
    keyUp,
  ]);
