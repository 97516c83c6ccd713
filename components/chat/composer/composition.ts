/**
 * Decides what Enter means in a text box where text may be composed (Korean, Japanese, Chinese). While Hangul is
 * composed, Enter ends the syllable *and* means Enter, so it sends; for all other scripts Enter only chooses the
 * candidate. Browsers disagree on which events they fire, and in which order: tests/unit/traces/ has them with their
 * sources, and tests/unit/composition.test.ts replays them.
 */

export type Typed =
  | { type: "compositionstart" }
  | { type: "compositionupdate" | "compositionend"; text: string }
  /** `isPlain`: without Shift or Alt, which break the line. `isRepeat`: the key is being held. */
  | {
      type: "keydown";
      isEnter: boolean;
      isPlain: boolean;
      isRepeat: boolean;
      isComposing: boolean;
      keyCode: number;
    }
  | { type: "keyup"; isEnter: boolean }
  /** `beforeinput` of a line break. */
  | { type: "linebreak" }
  /** The box has lost the focus. */
  | { type: "blur" }
  /** The task after the one that answered `send-soon`. */
  | { type: "next-task" };

/**
 * `swallow`: do not send, and keep the browser from breaking the line. `finish`: also end the composition, which is
 * still open. `send-soon`: ask again with `next-task` in a new task.
 */
export type Decision = "none" | "send" | "send-soon" | "swallow" | "finish";

export type Composition = {
  /** The text being composed; `undefined` when there is none. */
  text: string | undefined;
  /** The script of the last composition, until another key is pressed or the text is sent. */
  ended: "hangul" | "other" | undefined;
  /**
   * The Enter that is down. `late`: its keydown came after the composition that it ended, or an input method took it.
   */
  enter: "up" | "plain" | "shifted" | "late";
  willSend: boolean;
};

export const notComposing: Composition = { text: undefined, ended: undefined, enter: "up", willSend: false };

/** The `keyCode` that replaces that of a key taken by an input method. */
const takenByInputMethod = 229;

export function decide(state: Composition, typed: Typed): [Composition, Decision] {
  switch (typed.type) {
    case "compositionstart":
      return [{ ...state, text: "", enter: "up" }, "none"];
    case "compositionupdate":
      return [{ ...state, text: typed.text || state.text || "" }, "none"];
    case "compositionend":
      return end(state, typed.text || state.text || "");
    case "keydown":
      return typed.isEnter ? enter(state, typed) : [anotherKey(state, typed.isComposing), "none"];
    case "keyup":
      return [typed.isEnter ? { ...state, enter: "up" } : state, "none"];
    case "linebreak":
      return breakLine(state);
    case "blur":
      // Not every browser fires `compositionend` when a click elsewhere ends a composition.
      return [{ ...state, text: undefined, enter: "up" }, "none"];
    case "next-task":
      return state.willSend && state.text === undefined
        ? send(state)
        : [{ ...state, willSend: false }, "none"];
  }
}

const send = (state: Composition): [Composition, Decision] => [
  { ...state, ended: undefined, willSend: false },
  "send",
];

const anotherKey = (state: Composition, isComposing: boolean): Composition => ({
  ...state,
  enter: "up",
  ended: isComposing ? state.ended : undefined,
});

/** If Hangul and another script are mixed, a candidate was chosen: 한(韓). */
const isHangul = (text: string): boolean => /^\p{Script=Hangul}+$/u.test(text);

function end(state: Composition, text: string): [Composition, Decision] {
  const ended = isHangul(text) ? "hangul" : "other";
  const willSend = ended === "hangul" && state.enter === "plain";
  // Not at once: the browser is still changing the text, and Chrome's second Enter may come first.
  return [{ ...state, text: undefined, ended, willSend }, willSend ? "send-soon" : "none"];
}

function enter(state: Composition, typed: Extract<Typed, { type: "keydown" }>): [Composition, Decision] {
  const { isPlain, isRepeat, isComposing, keyCode } = typed;
  const down: Composition = { ...state, enter: isPlain ? "plain" : "shifted" };
  if (isComposing || state.text !== undefined) return [down, "none"];
  if (!isPlain) return [{ ...down, willSend: false }, "none"];
  // A held Enter keeps one meaning: after it has chosen a candidate or sent, its repeats do nothing.
  if (isRepeat && state.enter !== "up") return [state, "swallow"];
  if (keyCode !== takenByInputMethod) return send(down);
  // Safari ends the composition before the keydown that ended it. https://bugs.webkit.org/show_bug.cgi?id=165004
  return state.ended === "hangul" ? send(down) : [{ ...state, enter: "late" }, "none"];
}

/** The last resort: Firefox on a Mac and Safari's Korean input report some Enters only as a line break. */
function breakLine(state: Composition): [Composition, Decision] {
  const isEnter = state.enter === "plain" || state.enter === "late" || state.ended === "hangul";
  // A line break that was dictated, came from an on-screen keyboard, or was typed with Shift or Alt.
  if (!isEnter || state.enter === "shifted") return [state, "none"];
  // Programs that type, and input methods that let Enter through, may leave the composition open.
  if (state.text !== undefined) return [state, "finish"];
  const isCommit = state.enter === "plain" && state.ended === "other";
  return isCommit ? [state, "swallow"] : send(state);
}
