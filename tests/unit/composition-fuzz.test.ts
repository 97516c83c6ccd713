import { isDeepStrictEqual } from "node:util";
import { Random } from "../chaos/random";
import { expect, test } from "../support/plain-test";
import {
  blur,
  composing,
  end,
  enter,
  enterUp,
  inputMethod,
  key,
  keyUp,
  lineBreak,
  start,
  update,
} from "./traces/steps";
import { TextBox } from "./traces/text-box";

/** A writer that mixes scripts and ways to end a composition, with each browser's events as its traces show them. */

const browsers = [
  "Chrome",
  "Chrome, later",
  "Firefox on Windows",
  "Firefox on a Mac",
  "Safari",
  "Safari, new",
] as const;
type Browser = (typeof browsers)[number];

const shifted = { isPlain: false };
const held = { isRepeat: true };

class Typist {
  private readonly box = new TextBox();
  /** The texts that must have been sent, and the text that must remain in the box. */
  private readonly wanted: { sent: string[]; left: string } = { sent: [], left: "" };

  constructor(
    private readonly browser: Browser,
    private readonly random: Random,
  ) {}

  /** Types the last text of a composition, which stays open; the key event comes first or last. */
  private compose(texts: string[]): void {
    const { box, wanted } = this;
    for (const [index, text] of texts.entries()) {
      const steps = [...(index === 0 ? [start] : []), update(text), { box: wanted.left + text }];
      const isLast = this.browser === "Safari";
      const pressed = key(inputMethod, { isComposing: isLast || index > 0 });
      box.play(isLast ? [...steps, pressed, keyUp] : [pressed, ...steps, keyUp]);
    }
    wanted.left += texts.at(-1);
  }

  hangul(): void {
    const syllable = this.random.pick(["안", "ㅋ", "밥"]);
    this.compose([syllable]);
    this.random.pick([
      () => this.enterHangul(syllable),
      () => this.leave(syllable),
      () => this.next(syllable),
    ])();
  }

  candidate(): void {
    const word = this.random.pick(["日本", "nihao", "한(韓)"]);
    this.compose([word.slice(0, 1), word]);
    this.random.pick([() => this.choose(word), () => this.leave(word), () => this.click(word)])();
  }

  letters(): void {
    this.wanted.left += "a";
    this.box.play([key(65), { box: this.wanted.left }, keyUp]);
  }

  enter(): void {
    const isShifted = this.random.next() < 0.3;
    const isHeld = this.random.next() < 0.3;
    const state = isShifted ? shifted : {};
    const again = isHeld && !isShifted ? [enter(13, held), lineBreak] : [];
    this.box.play([enter(13, state), lineBreak, ...again, enterUp, { type: "task" }]);
    this.meant(isShifted);
  }

  private enterHangul(syllable: string): void {
    const isShifted = this.random.next() < 0.3;
    const state = isShifted ? shifted : {};
    const later = { type: "task" } as const;
    const first = [enter(inputMethod, { ...composing, ...state }), end(syllable)];
    const second = [enter(13, state), lineBreak, enterUp, later];
    const order = {
      Chrome: [...first, enterUp, ...second],
      "Chrome, later": [...first, later, ...second],
      "Firefox on Windows": [...first, ...second],
      "Firefox on a Mac": [...first, lineBreak, enterUp, later],
      Safari: [end(syllable), enter(inputMethod, state), lineBreak, enterUp, later],
      "Safari, new": [enter(13, { ...composing, ...state }), end(syllable), lineBreak, enterUp, later],
    };
    this.box.play(order[this.browser]);
    this.meant(isShifted);
  }

  /** An Enter for the input method, perhaps held. */
  private choose(word: string): void {
    const again = this.random.next() < 0.3 ? [enter(13, held), lineBreak] : [];
    const order =
      this.browser === "Safari"
        ? [end(word), enter(inputMethod)]
        : [enter(inputMethod, composing), end(word)];
    this.box.play([...order, ...again, enterUp, { type: "task" }]);
  }

  private leave(text: string): void {
    this.box.play(this.random.next() < 0.5 ? [end(text), blur, { type: "task" }] : [blur, { type: "task" }]);
  }

  private click(word: string): void {
    this.box.play([end(word), { type: "task" }]);
  }

  private next(syllable: string): void {
    this.box.play([key(inputMethod, composing), end(syllable)]);
    this.compose(["녕"]);
    this.enterHangul("녕");
  }

  /** The effect of an Enter that is not for the input method. */
  private meant(isShifted: boolean): void {
    const { wanted } = this;
    if (isShifted) wanted.left += "\n";
    else if (wanted.left) wanted.sent.push(wanted.left);
    if (!isShifted) wanted.left = "";
  }

  check(told: string): void {
    const found = { sent: this.box.sent, left: this.box.value };
    // An expectation costs a millisecond, and there are thousands.
    if (!isDeepStrictEqual(found, this.wanted)) expect(found, told).toEqual(this.wanted);
  }
}

for (const browser of browsers)
  test(`in any mix of events every Enter has its proper effect and no text is sent twice: ${browser}`, () => {
    const seeds = process.env.FUZZ_SEED
      ? [Number(process.env.FUZZ_SEED)]
      : Array.from({ length: 300 }, () => Math.floor(Math.random() * 2 ** 31));
    for (const seed of seeds) {
      const random = new Random(seed);
      const typist = new Typist(browser, random);
      const deeds: string[] = [];
      for (let count = random.between(1, 8); count > 0; count -= 1) {
        const deed = random.pick(["hangul", "candidate", "letters", "enter"] as const);
        deeds.push(deed);
        typist[deed]();
        typist.check(`FUZZ_SEED=${seed}, ${deeds.join(", ")}`);
      }
    }
  });
