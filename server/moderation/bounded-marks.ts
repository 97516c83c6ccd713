import { mostMarks } from "./guard-scores";

/** Keeps one mark more than any script stacks on a letter. */
const longRun = new RegExp(String.raw`(\p{M}{${mostMarks + 1}})\p{M}+`, "gu");

/**
 * The text with its long runs of marks cut. Call before normalizing: that takes time with the square of a run, and 100 ms
 * for 16 KiB of two marks in turns.
 */
export const withBoundedMarks = (text: string): string => text.replace(longRun, "$1");
