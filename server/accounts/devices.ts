import { ChatError } from "../errors";
import { type AccountClient, sessionOf } from "./account-client";
import type { AccountStore } from "./account-store";
import type { PasswordProofs } from "./password-proofs";
import type { Quotas } from "./quotas";
import type { Sessions } from "./sessions";

/** A device in an account's list. Moments in milliseconds since 1970. */
export type ListedDevice = { id: string; since: number; seenAt: number; name: string; isThis: boolean };

export type DevicesOptions = { sessions: Sessions; store: AccountStore; quotas: Quotas };

/** The devices of a visitor's account, as it sees them. Throws as `Accounts` does. */
export class Devices {
  constructor(
    private readonly options: DevicesOptions,
    private readonly proofs: PasswordProofs,
  ) {}

  /** The devices that can still act as this visitor, the one seen last first. */
  async list(client: AccountClient): Promise<{ devices: ListedDevice[] }> {
    const session = await sessionOf(this.options.sessions, client);
    await this.options.quotas.spend("devices", { network: client.network });
    const found = await this.options.store.devices.list(session);
    const devices = found
      .sort((a, b) => b.seenAt - a.seenAt)
      .map(({ id, since, seenAt, name }) => ({ id, since, seenAt, name, isThis: id === session.device }));
    return { devices };
  }

  /**
   * Ends the tokens of one of the account's devices. Throws ChatError("forbidden"), and as PasswordProofs.check does.
   */
  async end(
    client: AccountClient,
    { device, password }: { device: string; password?: string | undefined },
  ): Promise<object> {
    const { store, sessions, quotas } = this.options;
    const session = await sessionOf(this.options.sessions, client);
    await quotas.spend("end-device", { network: client.network });
    await this.proofs.check(session, { network: client.network, password });
    const found = await store.devices.list(session);
    if (!found.some(({ id }) => id === device)) throw new ChatError("forbidden", "There is no such device.");
    sessions.ends.announce(await sessions.endDevice(session, device));
    return {};
  }
}
