import type { Challenge, Proof } from "../../../protocol/events";

const script = "/proof-worker.js";

/** Solves it in a worker. Rejects outside of secure contexts, such as plain http (localhost is secure). */
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
      // Not an error of the page: the link waits, and tries again.
      event.preventDefault();
      end(() => reject(new Error("the proof could not be made")));
    });
    worker.postMessage(challenge.parameters);
  });
}
