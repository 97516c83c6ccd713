import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";

/** Paths of PEM files, for a store over TLS. */
export type TlsFiles = Readonly<{
  /** The authority that has signed the store's certificate; undefined: one that Node knows. */
  ca?: string | undefined;
  /** This client's certificate and its key: both or neither. */
  cert?: string | undefined;
  key?: string | undefined;
}>;

const tlsSettings = ["REDIS_CA_FILE", "REDIS_CERT_FILE", "REDIS_KEY_FILE"] as const;
const names = { ca: "REDIS_CA_FILE", cert: "REDIS_CERT_FILE", key: "REDIS_KEY_FILE" } as const;

/** The files of TLS would be ignored without it, and half of a pair is none. */
export function faultsOfTls({
  REDIS_URL = "",
  ...environment
}: Readonly<Record<string, string | undefined>>): string[] {
  const { REDIS_CERT_FILE, REDIS_KEY_FILE } = environment;
  const given = tlsSettings.filter((name) => environment[name] !== undefined);
  return [
    ...(given.length > 0 && !REDIS_URL.startsWith("rediss:")
      ? [`${given.join(", ")}: only with a REDIS_URL that begins with rediss://`]
      : []),
    ...((REDIS_CERT_FILE === undefined) === (REDIS_KEY_FILE === undefined)
      ? []
      : ["REDIS_CERT_FILE and REDIS_KEY_FILE: only together"]),
  ];
}

export type TlsTexts = { ca?: string; cert?: string; key?: string };

/** Their texts; undefined when no file is given. Throws an Error that names the setting and the file. */
export function readTlsFiles({ ca, cert, key }: TlsFiles): TlsTexts | undefined {
  const texts: TlsTexts = {
    ...(ca !== undefined && { ca: read("ca", ca, "CERTIFICATE") }),
    ...(cert !== undefined && { cert: read("cert", cert, "CERTIFICATE") }),
    ...(key !== undefined && { key: read("key", key, "PRIVATE KEY") }),
  };
  if (Object.keys(texts).length === 0) return undefined;
  // A secure context takes a torn authority without a word.
  if (texts.ca !== undefined) check(`${names.ca}: ${ca}`, () => new X509Certificate(texts.ca ?? ""));
  if (texts.cert !== undefined)
    check(`${names.cert} and ${names.key}: ${cert} and ${key}`, () =>
      createSecureContext({ cert: texts.cert, key: texts.key }),
    );
  return texts;
}

function read(part: keyof typeof names, file: string, label: string): string {
  let text: string;
  try {
    text = readFileSync(/*turbopackIgnore: true*/ file, "utf8");
  } catch (error) {
    throw new Error(`${names[part]}: ${file} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  if (!new RegExp(`^-----BEGIN [A-Z ]*${label}-----`, "m").test(text))
    throw new Error(`${names[part]}: ${file} is no PEM file with a ${label.toLowerCase()}`);
  return text;
}

/** OpenSSL's reason, such as `key values mismatch`, repeats nothing of the files. */
function check(what: string, use: () => unknown): void {
  try {
    use();
  } catch (error) {
    const { reason, message } = error as Error & { reason?: string };
    throw new Error(`${what} cannot be used (${reason ?? message})`);
  }
}
