/** The words are those of Node and OpenSSL. */
const advices: readonly [fault: RegExp, advice: string][] = [
  [
    /self.signed certificate|unable to (?:verify the first|get (?:local )?issuer) certificate/,
    "its certificate is of an authority that is not trusted: check REDIS_CA_FILE",
  ],
  [/does not match certificate's altnames/, "its certificate is for other addresses"],
  [
    /alert (?:certificate|bad certificate|unknown ca)/,
    "it wants another certificate of this client: check REDIS_CERT_FILE and REDIS_KEY_FILE",
  ],
];

/** Advice for an operator about a connection that fails for a reason of TLS; undefined for any other reason. */
export const tlsAdvice = (reason: string): string | undefined =>
  advices.find(([fault]) => fault.test(reason))?.[1];
