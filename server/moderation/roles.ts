import { createHash } from "node:crypto";
import type { Role, VisitorId } from "../../protocol/events";
import type { Quotas } from "../accounts/quotas";
import { ChatError } from "../errors";
import type { Network } from "../lib/network";
import { changesOf, type KnownState } from "./known-state";

/** `key`: the digest of the owner's key with which the role was claimed. */
type HeldRole = { role: "owner"; key: string } | { role: "moderator" };

/** A key that was found to be the owner's. */
type RightKey = { digest: string };

type RolesOptions = { known: KnownState; quotas: Pick<Quotas, "spend">; ownerKeys: readonly string[] };

const rank: Record<Role, number> = { owner: 0, moderator: 1 };
const noKey = "This site has no owner’s key: set OWNER_KEY on the server, at least 24 characters.";
const ownersOnly = "Only the owner can do that.";
const staffOnly = "Only the owner and moderators can do that.";

/** Keys are long and random, so a plain hash does: the store cannot tell the key. */
const digestOf = (key: string): string =>
  createHash("sha256").update(`madang owner ${key}`).digest("base64url");

/** O-1: who the owner and the moderators are. */
export class Roles {
  private readonly held = new Map<VisitorId, HeldRole>();
  private readonly keys: ReadonlySet<string>;

  constructor(private readonly options: RolesOptions) {
    this.keys = new Set(options.ownerKeys.map(digestOf));
    // Only this class writes these texts.
    options.known.onChange(
      changesOf("role", (visitor, text) => {
        if (text === undefined) this.held.delete(visitor);
        else this.held.set(visitor, JSON.parse(text) as HeldRole);
      }),
    );
  }

  /** Without any key set there is no owner, and so no moderator. */
  of(visitor: VisitorId): Role | undefined {
    const held = this.held.get(visitor);
    if (held === undefined || this.keys.size === 0) return undefined;
    return held.role === "owner" && !this.keys.has(held.key) ? undefined : held.role;
  }

  /** The visitors with roles, owners first. */
  holders(): { id: VisitorId; role: Role }[] {
    const holders = [...this.held.keys()].flatMap((id) => {
      const role = this.of(id);
      return role === undefined ? [] : [{ id, role }];
    });
    return holders.sort((one, other) => rank[one.role] - rank[other.role]);
  }

  /** Throws ChatError("forbidden") unless the visitor has a role, or that role. */
  check(visitor: VisitorId, wanted?: Role): void {
    const role = this.of(visitor);
    if (role === undefined || (wanted !== undefined && role !== wanted))
      throw new ChatError("forbidden", wanted === "owner" ? ownersOnly : staffOnly);
  }

  /** Throws as `readKey` does. */
  async claim(visitor: VisitorId, network: Network, key: string): Promise<Role> {
    return this.makeOwner(visitor, await this.readKey(network, key));
  }

  /** Throws ChatError("forbidden") for a wrong key, and ChatError("rate_limited") for a network that tries too often. */
  async readKey(network: Network, key: string): Promise<RightKey> {
    await this.options.quotas.spend("owner-claim", { network });
    if (this.keys.size === 0) throw new ChatError("forbidden", noKey);
    const digest = digestOf(key);
    if (!this.keys.has(digest)) throw new ChatError("forbidden", "That isn’t the owner’s key.");
    return { digest };
  }

  async makeOwner(visitor: VisitorId, { digest }: RightKey): Promise<Role> {
    await this.put(visitor, { role: "owner", key: digest }, { by: visitor, did: "owner:claim" });
    return "owner";
  }

  async resign(visitor: VisitorId): Promise<void> {
    this.check(visitor, "owner");
    await this.put(visitor, undefined, { by: visitor, did: "owner:resign" });
  }

  async setModerator(by: VisitorId, visitor: VisitorId, isModerator: boolean): Promise<void> {
    this.check(by, "owner");
    if (this.of(visitor) === "owner") throw new ChatError("bad_request", "The owner can’t be a moderator.");
    if ((this.of(visitor) === "moderator") === isModerator) return;
    const held = isModerator ? ({ role: "moderator" } as const) : undefined;
    await this.put(visitor, held, { by, did: "moderator:set", visitor, isOn: isModerator });
  }

  /** Call when a visitor is forgotten. */
  async forget(visitor: VisitorId): Promise<void> {
    if (this.held.has(visitor)) await this.put(visitor, undefined);
  }

  private put(
    visitor: VisitorId,
    held: HeldRole | undefined,
    act?: Parameters<KnownState["write"]>[1],
  ): Promise<void> {
    const text = held && JSON.stringify(held);
    return this.options.known.write([{ subject: `role ${visitor}`, text }], act);
  }
}
