import type { Challenge, Proof } from "../../../protocol/events";

const script = "/proof-worker.js";

/** Solves it off the page's own thread. Rejects where the browser cannot: over plain http, but for this machine itself. */
export function prove(challenge: Challenge): Promise<Proof> {
  return new Promise((resolve, reject) => {
    if (!globalThis.isSecureContext) throw new Error("this page cannot make proofs");
    const worker = new Worker(script);
    const end = (act: () => void) => {
      worker.terminate();
      act();
    };
    worker.addEventListener("message", ({ data }) => end(() => resolve({ challenge, solution: data })));
    worker.addEventListener("error", (event) => {
      // What cannot be solved is waited for: it is no fault of the page.
      event.preventDefault();
      end(() => reject(new Error("the proof could not be made")));
    });
    worker.postMessage(challenge.parameters);
  });
}
