import { SerialQueue } from "../lib/serial-queue";

export type QueueBounds = { commands: number; bytes: number };

/** One connection's commands, carried out one after another in the order they were sent; bounded in number and bytes. */
export class CommandQueue {
  private readonly queue = new SerialQueue();
  private bytes = 0;

  constructor(private readonly bounds: QueueBounds) {}

  /** Returns false, and keeps nothing, when the queue is full. An empty queue takes a command of any size. */
  add(bytes: number, task: () => Promise<void>): boolean {
    const isTooHeavy = this.bytes > 0 && this.bytes + bytes > this.bounds.bytes;
    if (isTooHeavy || this.queue.length >= this.bounds.commands) return false;
    this.bytes += bytes;
    void this.queue.add(task).finally(() => {
      this.bytes -= bytes;
    });
    return true;
  }

  /** Adds a task behind all others, even when the queue is full. */
  addLast(task: () => Promise<void>): void {
    void this.queue.add(task);
  }

  /** Resolves when everything added so far has been carried out. */
  idle(): Promise<void> {
    return this.queue.idle();
  }
}
