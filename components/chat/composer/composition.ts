/**
 * Decides what Enter means in a text box where text may be composed (Korean, Japanese, Chinese).
 * While Hangul is composed, Enter ends the syllable *and* means Enter, so it sends; for all other scripts
 * Enter only chooses the candidate. Browsers disagree on which events tell so, and in which order:
 * tests/unit/traces/ has them with their sources, and tests/unit/composition.test.ts replays them.
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
  | { type: "settled" };

/**
 * `swallow`: neither send nor let the browser break the line; `finish`: and end the composition, which is still open.
 * `send-soon`: ask again with `settled` in a new task.
 */
export type Decision = "none" | "send" | "send-soon" | "swallow" | "finish";

export type Composition = {
  /** What is being composed; `undefined` when nothing is. */
  text: string | undefined;
  /** The script of the composition that has just ended: no other key was pressed since, and nothing sent. */
  ended: "hangul" | "other" | undefined;
  /** The Enter that is down. `late`: it is told after the composition that it ended, or an input method had it. */
  enter: "up" | "plain" | "shifted" | "late";
  willSend: boolean;
};

export const notComposing: Composition = { text: undefined, ended: undefined, enter: "up", willSend: false };

/** What an input method reports instead of the key that it has taken for itself. */
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
      // Not every browser tells of the end of a composition that is left by a click elsewhere.
      return [{ ...state, text: undefined, enter: "up" }, "none"];
    case "settled":
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

/** Where Hangul and other script are mixed, a candidate was chosen: 한(韓). */
const isHangul = (text: string): boolean => /^\p{Script=Hangul}+$/u.test(text);

function end(state: Composition, text: string): [Composition, Decision] {
  const ended = isHangul(text) ? "hangul" : "other";
  const willSend = ended === "hangul" && state.enter === "plain";
  // Not at once: the browser is still at work on the text. And Chrome's own second Enter may come first.
  return [{ ...state, text: undefined, ended, willSend }, willSend ? "send-soon" : "none"];
}

function enter(state: Composition, typed: Extract<Typed, { type: "keydown" }>): [Composition, Decision] {
  const { isPlain, isRepeat, isComposing, keyCode } = typed;
  const down: Composition = { ...state, enter: isPlain ? "plain" : "shifted" };
  if (isComposing || state.text !== undefined) return [down, "none"];
  if (!isPlain) return [{ ...down, willSend: false }, "none"];
  // One press, one meaning: the Enter that has chosen a candidate, or sent, goes on doing so for as long as it is held.
  if (isRepeat && state.enter !== "up") return [state, "swallow"];
  if (keyCode !== takenByInputMethod) return send(down);
  // Safari: the composition has ended before the key that ended it is told. https://bugs.webkit.org/show_bug.cgi?id=165004
  return state.ended === "hangul" ? send(down) : [{ ...state, enter: "late" }, "none"];
}

/** The last resort: Firefox on a Mac and Safari's Korean tell of some Enters in no other way. */
function breakLine(state: Composition): [Composition, Decision] {
  const isEnter = state.enter === "plain" || state.enter === "late" || state.ended === "hangul";
  // Dictated, or from a keyboard on the screen.
  if (!isEnter || state.enter === "shifted") return [state, "none"];
  // Whoever types by program, or an input method that lets Enter through, may leave the composition open.
  if (state.text !== undefined) return [state, "finish"];
  const isCommit = state.enter === "plain" && state.ended === "other";
  return isCommit ? [state, "swallow"] : send(state);
}
