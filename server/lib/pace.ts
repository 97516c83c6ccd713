/** Lets at most `each` tasks begin in one turn of the event loop. The others begin in later turns, in their order. */
export class Pace {
  private begun = 0;
  private isCounting = false;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly each: number) {}

  run(task: () => void): void {
    const mayBegin = this.begun < this.each && this.waiting.length === 0;
    this.countTurn();
    if (mayBegin) this.begin(task);
    else this.waiting.push(task);
  }

  /** Resolves when a task may begin. */
  turn(): Promise<void> {
    return new Promise((resolve) => this.run(resolve));
  }

  private begin(task: () => void): void {
    this.begun += 1;
    task();
  }

  private countTurn(): void {
    if (this.isCounting) return;
    this.isCounting = true;
    setImmediate(() => {
      this.isCounting = false;
      this.begun = 0;
      const now = this.waiting.splice(0, this.each);
      if (now.length === 0) return;
      this.countTurn();
      for (const task of now) this.begin(task);
    });
  }
}
