import type { RoomId, VisitorId } from "../../protocol/events";
import { ownerKey } from "../support/owner";
import type { Replica } from "../support/replica";
import { until } from "../support/until";
import { connectVisitor, type WireVisitor } from "../support/wire-visitor";
import type { Act } from "./log";

/** Every replica is well again within this time. */
const patienceMs = 60_000;

/** The owner of the site under test. It acts through a replica that answers, and notes when it was done. */
export class Moderator {
  readonly acts: Act[] = [];
  private token = "";

  constructor(private readonly slots: readonly { replica: Replica }[]) {}

  ban(visitor: VisitorId): Promise<void> {
    return this.act({ did: "ban", visitor }, (owner) => owner.must("sanction:set", { visitor, kind: "ban" }));
  }

  shadow(visitor: VisitorId): Promise<void> {
    return this.act({ did: "shadow", visitor }, (owner) =>
      owner.must("sanction:set", { visitor, kind: "shadow" }),
    );
  }

  remove(room: RoomId, seq: number): Promise<void> {
    return this.act({ did: "remove", room, seq }, (owner) => owner.must("message:remove", { room, seq }));
  }

  private async act(
    what: { did: "ban" | "shadow"; visitor: VisitorId } | { did: "remove"; room: RoomId; seq: number },
    ask: (owner: WireVisitor) => Promise<unknown>,
  ): Promise<void> {
    const from = Date.now();
    await until(what.did, () => this.tryOnAny(ask), patienceMs);
    this.acts.push({ ...what, from, at: Date.now() });
  }

  private async tryOnAny(ask: (owner: WireVisitor) => Promise<unknown>): Promise<boolean> {
    for (const { replica } of this.slots) {
      // A frozen or killed replica does not answer.
      const isWell = await replica.get("/api/ready").then(
        ({ ok }) => ok,
        () => false,
      );
      if (isWell && (await this.tryOn(replica.url, ask))) return true;
    }
    return false;
  }

  private async tryOn(url: string, ask: (owner: WireVisitor) => Promise<unknown>): Promise<boolean> {
    const owner = await connectVisitor({ url, token: this.token }).catch(() => undefined);
    if (owner === undefined) return false;
    try {
      this.token = owner.token;
      await owner.must("owner:claim", { key: ownerKey });
      await ask(owner);
      return true;
    } catch {
      return false;
    } finally {
      owner.close();
    }
  }
}
