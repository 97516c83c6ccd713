import type { Line } from "./feed";

/** Which part of the feed is drawn: so many lines of its end, or from a number on. However long the talk, the page stays light. */
export type FeedWindow = { at: "end"; count: number } | { at: "seq"; seq: number };

const followed = 100;
const drawn = 300;
const step = 75;

export const theEnd: FeedWindow = { at: "end", count: followed };

function startOf(lines: readonly Line[], window: FeedWindow): number {
  if (window.at === "end") return Math.max(0, lines.length - window.count);
  const start = lines.findIndex((line) => line.seq >= window.seq);
  return start < 0 ? Math.max(0, lines.length - followed) : start;
}

const at = (lines: readonly Line[], index: number): FeedWindow => {
  const line = lines[Math.max(0, index)];
  return line ? { at: "seq", seq: line.seq } : theEnd;
};

export function visible(lines: readonly Line[], window: FeedWindow) {
  const start = startOf(lines, window);
  const end = window.at === "end" ? lines.length : Math.min(lines.length, start + drawn);
  return { lines: lines.slice(start, end), hasAbove: start > 0, hasBelow: end < lines.length };
}

/** Stops following: what is drawn now stays, and what arrives is added below. */
export const held = (lines: readonly Line[], window: FeedWindow): FeedWindow =>
  window.at === "end" ? at(lines, startOf(lines, window)) : window;

/** Draws more above; at the end too, where many notices may be condensed to less than a screen. */
export const movedUp = (lines: readonly Line[], window: FeedWindow): FeedWindow =>
  window.at === "end" ? { at: "end", count: window.count + step } : at(lines, startOf(lines, window) - step);

export const movedDown = (lines: readonly Line[], window: FeedWindow): FeedWindow =>
  at(lines, Math.min(startOf(lines, window) + step, lines.length - 1));

/** So that the line with this number is drawn, with some above it. */
export const around = (lines: readonly Line[], seq: number): FeedWindow =>
  at(lines, lines.findIndex((line) => line.seq >= seq) - step);
