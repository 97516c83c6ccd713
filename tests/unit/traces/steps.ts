import type { Typed } from "../../../components/chat/composer/composition";

/** `box`: the content of the text box from then on; `task`: the browser comes to rest, and timers run. */
export type Step = Typed | { box: string } | { type: "task" };

/**
 * The events of a browser while a visitor writes, reduced to those that matter here. `transcribed`: in the order that the
 * source gives for this script in this browser. `derived`: the source covers the same key in the same browser, but for
 * another script, or only a part of the order.
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
/** An Enter that no input method handles. */
export const plainEnter: Step[] = [enter(13), lineBreak, enterUp, task];

/** The key event comes first: Chrome, Firefox, and Safari since WebKit's bug 311717. The last text stays open. */
export const composed = (...texts: string[]): Step[] =>
  texts.flatMap((text, index) => [
    key(inputMethod, { isComposing: index > 0 }),
    ...(index === 0 ? [start] : []),
    update(text),
    { box: text },
    keyUp,
  ]);

/** The key event comes last: Safari until then. */
export const composedBeforeKeys = (...texts: string[]): Step[] =>
  texts.flatMap((text, index) => [
    ...(index === 0 ? [start] : []),
    update(text),
    { box: text },
    key(inputMethod, composing),
    keyUp,
  ]);

/** A syllable ends when the next one begins; the last one stays open. The key event comes first. */
export const hangul = (text: string): Step[] =>
  [...text].flatMap((syllable, index) => [
    key(inputMethod, { isComposing: index > 0 }),
    ...(index > 0 ? [end(text[index - 1] ?? "")] : []),
    start,
    update(syllable),
    { box: text.slice(0, index + 1) },
    keyUp,
  ]);

/** The same with the key event last. */
export const hangulBeforeKeys = (text: string): Step[] =>
  [...text].flatMap((syllable, index) => [
    ...(index > 0 ? [end(text[index - 1] ?? "")] : []),
    start,
    update(syllable),
    { box: text.slice(0, index + 1) },
    key(inputMethod, composing),
    keyUp,
  ]);
