import { expect, test } from "@playwright/test";
import { type Composition, decide, notComposing, type Typed } from "../../components/chat/composition";
import { type Step, traces } from "./composition-traces";

/** Plays a trace as the text box would: what is sent leaves it, and an Enter that nobody takes breaks the line. */
function play(steps: Step[]) {
  let state: Composition = notComposing;
  let box = "";
  let isDue = false;
  const sent: string[] = [];

  function tell(typed: Typed): void {
    const [next, decision] = decide(state, typed);
    state = next;
    if (decision === "send-soon") isDue = true;
    if (decision === "send" && box) sent.push(box);
    if (decision === "send") box = "";
    if (decision === "none" && typed.type === "linebreak") box += "\n";
  }

  for (const step of steps) {
    if ("box" in step) box = step.box;
    else if (step.type !== "task") tell(step);
    else if (isDue) {
      isDue = false;
      tell({ type: "settled" });
    }
  }
  return { sent, left: box };
}

for (const { name, source, steps, sent, left } of traces)
  test(name, () => {
    expect(play(steps), source).toEqual({ sent, left });
  });

const plainEnter: Typed = { type: "keydown", isEnter: true, isPlain: true, keyCode: 13, isComposing: false };
const shiftEnter: Typed = { ...plainEnter, isPlain: false };

test("Enter sends at once when nothing is composed", () => {
  expect(play([{ box: "hello" }, plainEnter])).toEqual({ sent: ["hello"], left: "" });
});

test("Shift+Enter breaks the line", () => {
  const steps: Step[] = [{ box: "one" }, shiftEnter, { type: "linebreak" }];
  expect(play(steps)).toEqual({ sent: [], left: "one\n" });
});

test("Enter in an empty box sends nothing and breaks no line", () => {
  expect(play([plainEnter, { type: "linebreak" }])).toEqual({ sent: [], left: "" });
});

test("Shift+Enter that ends a Hangul syllable breaks the line and does not send", () => {
  const composing: Typed = { ...shiftEnter, keyCode: 229, isComposing: true };
  const steps: Step[] = [
    { type: "compositionstart" },
    { type: "compositionupdate", text: "안" },
    { box: "안" },
    composing,
    { type: "compositionend", text: "안" },
    { type: "linebreak" },
    { type: "task" },
  ];
  expect(play(steps)).toEqual({ sent: [], left: "안\n" });
});

test("a Hangul syllable that ends without Enter is not sent", () => {
  const steps: Step[] = [
    { type: "compositionstart" },
    { type: "compositionupdate", text: "안" },
    { box: "안 " },
    { type: "keydown", isEnter: false, isPlain: true, keyCode: 229, isComposing: true },
    { type: "compositionend", text: "안" },
    { type: "task" },
  ];
  expect(play(steps)).toEqual({ sent: [], left: "안 " });
});
