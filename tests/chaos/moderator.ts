import type { RoomId, VisitorId } from "../../protocol/events";
import { ownerKey } from "../support/owner";
import type { Replica } from "../support/replica";
import { until } from "../support/until";
import { connectVisitor, type WireVisitor } from "../support/wire-visitor";
import type { Act, Deed } from "./log";

/** Every replica is well again within this time. */
const patienceMs = 60_000;
/** A replica without an answer for this long is passed over: it may be frozen. */
const wellWithinMs = 5_000;

/** The owner of the site under test. It acts through a replica that answers, and notes when it was done. */
export class Moderator {
  readonly acts: Act[] = [];
  private token = "";

  constructor(private readonly slots: readonly { replica: Replica }[]) {}

  ban(visitor: VisitorId): Promise<void> {
    return this.sanction({ did: "ban", visitor });
  }

  shadow(visitor: VisitorId): Promise<void> {
    return this.sanction({ did: "shadow", visitor });
  }

  remove(room: RoomId, seq: number): Promise<void> {
    return this.act("remove", async (owner) => {
      await owner.must("message:remove", { room, seq });
      return { did: "remove", room, seq };
    });
  }

  /** Publishes a message that the guard has withheld; waits for one. */
  publish(): Promise<void> {
    return this.act("publish", async (owner) => {
      const { reports } = await owner.must("report:list", {});
      const caught = reports.find(({ message }) => message?.withheld === true);
      if (caught === undefined) throw new Error("the guard has withheld nothing");
      const { room, seq } = caught;
      await owner.must("report:settle", { room, seq, publish: true });
      return { did: "publish", room, seq };
    });
  }

  welcome(room: RoomId, welcome: string): Promise<void> {
    return this.act("rules", async (owner) => {
      await owner.must("room:rules", { room, welcome });
      return { did: "rules", room, welcome };
    });
  }

  private sanction(sanction: Extract<Deed, { visitor: VisitorId }>): Promise<void> {
    return this.act(sanction.did, async (owner) => {
      await owner.must("sanction:set", { visitor: sanction.visitor, kind: sanction.did });
      return sanction;
    });
  }

  private async act(what: string, ask: (owner: WireVisitor) => Promise<Deed>): Promise<void> {
    const from = Date.now();
    const deed = await until(what, () => this.tryOnAny(ask), patienceMs);
    this.acts.push({ ...deed, from, at: Date.now() });
  }

  private async tryOnAny(ask: (owner: WireVisitor) => Promise<Deed>): Promise<Deed | false> {
    for (const { replica } of this.slots) {
      // A frozen or killed replica does not answer.
      const isWell = await replica.get("/api/ready", { signal: AbortSignal.timeout(wellWithinMs) }).then(
        ({ ok }) => ok,
        () => false,
      );
      const deed = isWell && (await this.tryOn(replica.url, ask));
      if (deed) return deed;
    }
    return false;
  }

  private async tryOn(url: string, ask: (owner: WireVisitor) => Promise<Deed>): Promise<Deed | false> {
    const owner = await connectVisitor({ url, token: this.token }).catch(() => undefined);
    if (owner === undefined) return false;
    try {
      this.token = owner.token;
      await owner.must("owner:claim", { key: ownerKey });
      return await ask(owner);
    } catch {
      return false;
    } finally {
      owner.close();
    }
  }
}
