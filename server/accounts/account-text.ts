import type { DeviceId } from "./session";

/** `password` is its hash, as a PHC string. */
export type Account = { handle: string; password: string };

/**
 * A device of an account. Moments in milliseconds since 1970 by the store's clock; `provenAt`, when it last gave the
 * password, is 0 if it never did.
 */
export type Device = { id: DeviceId; since: number; seenAt: number; provenAt: number; name: string };

/** As the store keeps it, with the skeleton of its handle. */
export type KeptAccount = Account & { skeleton: string };

/** The fields of the JSON keep this order: older releases compare it as text. */
export const toText = ({ skeleton, handle, password }: KeptAccount): string =>
  `${skeleton}\n${JSON.stringify({ handle, password })}`;

export function readText(text: string): KeptAccount {
  const end = text.indexOf("\n");
  return { skeleton: text.slice(0, end), ...(JSON.parse(text.slice(end + 1)) as Account) };
}

export function accountIn(text: string): Account {
  const { handle, password } = readText(text);
  return { handle, password };
}

export const deviceLine = ({ since, seenAt, provenAt, name }: Device): string =>
  `${since} ${seenAt} ${provenAt} ${name}`;

export function readDevice(id: DeviceId, line: string): Device {
  const [since, seenAt, provenAt, ...name] = line.split(" ");
  return {
    id,
    since: Number(since),
    seenAt: Number(seenAt),
    provenAt: Number(provenAt),
    name: name.join(" "),
  };
}
