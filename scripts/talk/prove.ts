import { pbkdf2 } from "node:crypto";
import { promisify } from "node:util";
import type { Challenge, Proof } from "../../protocol/events";

const derive = promisify(pbkdf2);

/** Counts up until the key derived from nonce and counter begins as the challenge says. */
export async function prove(challenge: Challenge): Promise<Proof> {
  const { algorithm, cost, keyLength, keyPrefix, nonce, salt } = challenge.parameters;
  if (algorithm !== "PBKDF2/SHA-256") throw new Error(`there is no proof by ${algorithm} here`);
  const password = Buffer.concat([Buffer.from(nonce, "hex"), Buffer.alloc(4)]);
  for (let counter = 0; ; counter += 1) {
    password.writeUInt32BE(counter, password.length - 4);
    const key = await derive(password, Buffer.from(salt, "hex"), cost, keyLength, "sha256");
    const derivedKey = key.toString("hex");
    if (derivedKey.startsWith(keyPrefix)) return { challenge, solution: { counter, derivedKey } };
  }
}
