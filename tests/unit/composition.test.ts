import { expect, test } from "../support/plain-test";
import { chinese } from "./traces/chinese";
import { japanese } from "./traces/japanese";
import { korean } from "./traces/korean";
import {
  blur,
  composed,
  composing,
  end,
  enter,
  enterUp,
  hangul,
  inputMethod,
  key,
  keyUp,
  lineBreak,
  plainEnter,
  type Step,
  start,
  task,
  update,
} from "./traces/steps";
import { TextBox } from "./traces/text-box";

const play = (steps: Step[]) => new TextBox().play(steps);
const shifted = { isPlain: false };
const scripts = { Korean: korean, Japanese: japanese, Chinese: chinese };

for (const [script, traces] of Object.entries(scripts)) {
  for (const { browser, name, origin, source, steps, sent, left } of traces)
    test(`${script}, ${browser}: ${name} (${origin})`, () => {
      expect(play(steps), source).toEqual({ sent, left });
    });

  for (const browser of ["Chrome", "Safari", "Firefox"])
    test(`${script}, ${browser}: at least one trace is transcribed from a source`, () => {
      const transcribed = traces.filter(
        (trace) => trace.browser === browser && trace.origin === "transcribed",
      );
      expect(transcribed.map(({ source }) => new URL(source).protocol)).toContain("https:");
    });
}

test("Enter sends at once when nothing is composed", () => {
  expect(play([{ box: "hello" }, enter(13)])).toEqual({ sent: ["hello"], left: "" });
});

test("Shift+Enter breaks the line", () => {
  expect(play([{ box: "one" }, enter(13, shifted), lineBreak])).toEqual({ sent: [], left: "one\n" });
});

test("Enter in an empty box sends nothing and breaks no line", () => {
  expect(play(plainEnter)).toEqual({ sent: [], left: "" });
});

test("a held Enter sends once, and breaks no line in the next text", () => {
  const held: Step[] = [enter(13, { isRepeat: true }), lineBreak];
  expect(play([{ box: "one" }, ...plainEnter.slice(0, 2), { box: "two" }, ...held, ...held])).toEqual({
    sent: ["one"],
    left: "two",
  });
});

test("a Hangul syllable that ends without Enter is not sent", () => {
  const steps = [...hangul("안"), { box: "안 " }, key(inputMethod, composing), end("안"), task];
  expect(play(steps)).toEqual({ sent: [], left: "안 " });
});

test("choosing Chinese characters for a Hangul word does not send them, with the word or without it", () => {
  for (const word of ["韓", "한(韓)"]) {
    const chosen = [enter(inputMethod, composing), { box: word }, end(word), enterUp, task];
    expect(play([...hangul("한"), ...chosen]), word).toEqual({ sent: [], left: word });
    expect(play([...hangul("한"), ...chosen, ...plainEnter]), word).toEqual({ sent: [word], left: "" });
  }
});

test("a line break without Enter, such as a dictated one, breaks the line", () => {
  expect(play([{ box: "one" }, lineBreak])).toEqual({ sent: [], left: "one\n" });
  expect(play([...hangul("안"), end("안"), { box: "안 a" }, key(65), keyUp, lineBreak])).toEqual({
    sent: [],
    left: "안 a\n",
  });
});

test("a composition that ended before a send does not affect the next text", () => {
  const first = [...hangul("안"), enter(inputMethod, composing), end("안"), enter(13), enterUp, task];
  expect(play([...first, { box: "1" }, lineBreak])).toEqual({ sent: ["안"], left: "1\n" });
});

test("after a click elsewhere has left a composition without an event, Enter still sends", () => {
  for (const begun of [composed("に"), [start, update("안"), { box: "안" }]])
    expect(play([...begun, blur, ...plainEnter]).sent).toHaveLength(1);
});

test("a composition that the click itself ends sends nothing until Enter does", () => {
  const left = [...hangul("안"), end("안"), blur, task];
  expect(play(left)).toEqual({ sent: [], left: "안" });
  expect(play([...left, ...plainEnter])).toEqual({ sent: ["안"], left: "" });
});
