// Solves the work that a server may ask of a new visitor (W-4a in docs/protocol.md), away from the page's own thread: counts
// up until the key derived from nonce and counter begins as it is told.
self.addEventListener("message", async ({ data }) => self.postMessage(await solve(data)));

async function solve({ cost, keyLength, keyPrefix, nonce, salt }) {
  const [prefix, saltBytes, nonceBytes] = [keyPrefix, salt, nonce].map(bytesOf);
  const password = new Uint8Array(nonceBytes.length + 4);
  password.set(nonceBytes);
  const tail = new DataView(password.buffer, nonceBytes.length);
  const derivation = { name: "PBKDF2", hash: "SHA-256", salt: saltBytes, iterations: cost };
  for (let counter = 0; ; counter += 1) {
    tail.setUint32(0, counter);
    const material = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const key = new Uint8Array(await crypto.subtle.deriveBits(derivation, material, keyLength * 8));
    if (prefix.every((byte, index) => key[index] === byte)) return { counter, derivedKey: hexOf(key) };
  }
}

const bytesOf = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const hexOf = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
