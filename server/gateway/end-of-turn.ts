import type { Writable } from "node:stream";

type Writer = { endTurn(): void };

let isScheduled = false;
const deliveries = new Set<() => void>();
let writers: Writer[] = [];

/**
 * Calls `run` at the end of this turn of the event loop, before connections write what they were given. Returns its
 * stop.
 */
export function deliverAtEnd(run: () => void): () => void {
  schedule();
  deliveries.add(run);
  return () => deliveries.delete(run);
}

/** Calls `endTurn` when nothing more comes in this turn. */
export function writeAtEnd(writer: Writer): void {
  schedule();
  writers.push(writer);
}

/** Gathers a stream's writes of this turn into one: each write costs more than its bytes. */
export function corkThisTurn(stream: Writable): void {
  stream.cork();
  writeAtEnd({ endTurn: () => stream.uncork() });
}

function schedule(): void {
  if (isScheduled) return;
  isScheduled = true;
  setImmediate(end);
}

function end(): void {
  try {
    for (const run of deliveries) {
      deliveries.delete(run);
      run();
    }
  } finally {
    isScheduled = false;
    const given = writers;
    writers = [];
    for (const writer of given) writer.endTurn();
    // Left over when one of them threw.
    if (deliveries.size > 0) schedule();
  }
}
