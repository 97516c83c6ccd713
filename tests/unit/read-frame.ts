/** The name and argument of an event in a WebSocket frame. */
export function readFrame(frame: Buffer): [event: string, told: unknown] {
  const text = frame.toString();
  return JSON.parse(text.slice(text.indexOf('42["') + 2));
}
