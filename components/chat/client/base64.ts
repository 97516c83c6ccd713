/** Stands in the bundle for Engine.IO's own decoder, which is older than `atob` (next.config.js). */
export const decode = (text: string): ArrayBuffer =>
  Uint8Array.from(atob(text), (character) => character.charCodeAt(0)).buffer;
