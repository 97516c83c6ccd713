import { type Decision, decide, notComposing, type Typed } from "./composition";
import { isTouch } from "./touch-screen";

const isEnter = ({ key, code }: KeyboardEvent): boolean =>
  key === "Enter" || ((key === "Process" || key === "Unidentified") && /^(Numpad)?Enter$/.test(code));

/** The text just composed; a synthetic event may carry none, but the box has it. */
const composed = (box: HTMLTextAreaElement, { data }: CompositionEvent): string =>
  data || box.value.slice(Math.max(0, box.selectionStart - 1), box.selectionStart);

function typedFrom(box: HTMLTextAreaElement, event: Event): Typed | undefined {
  if (event instanceof CompositionEvent) {
    const type = event.type as "compositionstart" | "compositionupdate" | "compositionend";
    return { type, text: type === "compositionend" ? composed(box, event) : event.data };
  }
  if (event instanceof InputEvent) {
    return /^insert(LineBreak|Paragraph)$/.test(event.inputType) ? { type: "linebreak" } : undefined;
  }
  if (!(event instanceof KeyboardEvent)) return { type: "blur" };
  if (event.type === "keyup") return { type: "keyup", isEnter: isEnter(event) };
  const { isComposing, keyCode, shiftKey, altKey, repeat: isRepeat } = event;
  const isPlain = !shiftKey && !altKey;
  return { type: "keydown", isEnter: isEnter(event), isPlain, isRepeat, isComposing, keyCode };
}

/** Only losing the focus ends a composition in every browser and keeps its text. */
function finishComposition(box: HTMLTextAreaElement): void {
  box.blur();
  box.focus();
}

const watched = [
  "keydown",
  "keyup",
  "beforeinput",
  "compositionstart",
  "compositionupdate",
  "compositionend",
  "blur",
] as const;

/** Calls `send` when Enter means sending. Listens to native events, because React hides some of them. */
export function watchEnter(box: HTMLTextAreaElement, send: () => void): () => void {
  const watching = new AbortController();
  let state = notComposing;

  function tell(typed: Typed): Decision {
    const [next, decision] = decide(state, typed);
    state = next;
    if (decision === "send") send();
    return decision;
  }

  function hear(event: Event): void {
    const typed = isTouch() ? undefined : typedFrom(box, event);
    if (!typed) return;
    const decision = tell(typed);
    if (decision === "send-soon") setTimeout(() => watching.signal.aborted || tell({ type: "next-task" }));
    else if (decision !== "none") event.preventDefault();
    if (decision === "finish") finishComposition(box);
  }

  for (const name of watched) box.addEventListener(name, hear, { signal: watching.signal });
  return () => watching.abort();
}
