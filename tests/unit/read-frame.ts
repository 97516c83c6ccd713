/** What an event's WebSocket frame holds: its name and argument. */
export function readFrame(frame: Buffer): [event: string, told: unknown] {
  const text = frame.toString();
  return JSON.parse(text.slice(text.indexOf('42["') + 2));
}
