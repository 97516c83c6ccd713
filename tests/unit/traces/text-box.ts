import {
  type Composition,
  type Decision,
  decide,
  notComposing,
  type Typed,
} from "../../../components/chat/composer/composition";
import type { Step } from "./steps";

/** Acts like a browser's text box: a sent text leaves it, and an Enter that no listener prevents breaks the line. */
export class TextBox {
  value = "";
  readonly sent: string[] = [];
  private state: Composition = notComposing;
  private isDue = false;
  /** The default of the Enter that is down has been prevented, so no line break follows from it. */
  private isTaken = false;

  tell(typed: Typed): Decision {
    if (typed.type === "linebreak" && this.isTaken) return "swallow";
    const [next, decision] = decide(this.state, typed);
    this.state = next;
    if (typed.type === "keydown" || typed.type === "keyup")
      this.isTaken = typed.type === "keydown" && decision !== "none";
    if (decision === "send-soon") this.isDue = true;
    if (decision === "send" && this.value) this.sent.push(this.value);
    if (decision === "send") this.value = "";
    if (decision === "none" && typed.type === "linebreak") this.value += "\n";
    return decision;
  }

  /** Timers run. */
  rest(): void {
    if (!this.isDue) return;
    this.isDue = false;
    this.tell({ type: "next-task" });
  }

  play(steps: readonly Step[]): { sent: string[]; left: string } {
    for (const step of steps) {
      if ("box" in step) this.value = step.box;
      else if (step.type === "task") this.rest();
      else this.tell(step);
    }
    return { sent: this.sent, left: this.value };
  }
}
