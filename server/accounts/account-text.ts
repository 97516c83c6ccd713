/** `password` is its hash, as a PHC string. */
export type Account = { handle: string; password: string };

/** As the store keeps it, with the skeleton of its handle. `since`: when its visitor first came, if that is known. */
export type KeptAccount = Account & { skeleton: string; since?: number };

/** The fields of the JSON keep this order: older releases compare it as text. */
export const toText = ({ skeleton, handle, password, since }: KeptAccount): string =>
  `${skeleton}\n${JSON.stringify({ handle, password, since })}`;

export function readText(text: string): KeptAccount {
  const end = text.indexOf("\n");
  return {
    skeleton: text.slice(0, end),
    ...(JSON.parse(text.slice(end + 1)) as Omit<KeptAccount, "skeleton">),
  };
}

export function accountIn(text: string): Account {
  const { handle, password } = readText(text);
  return { handle, password };
}
