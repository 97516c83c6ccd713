import type { VisitorId } from "../../protocol/events";
import { recordKeys } from "../records/keys";
import { mapAt, storeTime } from "../records/kinds";
import type { Records } from "../records/records";
import type { DeviceId, Session } from "./session";
import { assertNotEnded, lastEndOf, type TokenEnds, timeIfNotEnded } from "./token-ends";

/**
 * A device of an account. Moments in milliseconds since 1970 by the store's clock; `provenAt`, when it last gave the
 * password, is 0 if it never did.
 */
export type Device = { id: DeviceId; since: number; seenAt: number; provenAt: number; name: string };

/** Beyond this number, the devices seen longest ago are no longer kept. */
export const maxDevices = 50;

const accounts = mapAt(recordKeys.accounts.accounts);
export const devicesOf = (visitor: VisitorId) => mapAt(recordKeys.accounts.devices(visitor));

/** The devices of accounts. Throws as `AccountStore` does. */
export class DeviceStore {
  constructor(
    private readonly records: Records,
    private readonly ends: TokenEnds,
  ) {}

  /**
   * Notes that the session's device was seen, and with `isProven` that it gave the password. Returns false and keeps
   * nothing for a visitor without an account, or a session without a device. An empty name leaves the device's name as
   * it is.
   */
  async note(session: Session, seen: { name: string; isProven: boolean }): Promise<boolean> {
    const { visitor, device: id } = session;
    if (id === undefined) return false;
    const devices = devicesOf(visitor);
    return this.records.step(async (step) => {
      const [now, end, kept, fields] = await step.read(
        storeTime,
        lastEndOf(visitor),
        accounts.field(visitor),
        devices.fields(),
      );
      assertNotEnded(session, end);
      if (kept === undefined) return false;
      const known = [...fields].map(([other, line]) => readDevice(other, line));
      const { since = now, provenAt = 0, name = "" } = known.find((each) => each.id === id) ?? {};
      const device = {
        id,
        since,
        seenAt: now,
        provenAt: seen.isProven ? now : provenAt,
        name: seen.name || name,
      };
      const others = known.filter((each) => each.id !== id).sort((one, other) => one.seenAt - other.seenAt);
      const [oldest] = others.length < maxDevices ? [] : others;
      await step.write([
        devices.setField(id, deviceLine(device)),
        devices.keep(this.ends.keptMs),
        ...(oldest ? [devices.removeField(oldest.id)] : []),
      ]);
      return true;
    });
  }

  /** The devices of the visitor's account whose tokens can still be valid, in no order. */
  async list(session: Session): Promise<Device[]> {
    const [now, end, fields] = await this.records.read(
      storeTime,
      lastEndOf(session.visitor),
      devicesOf(session.visitor).fields(),
    );
    assertNotEnded(session, end);
    const devices = [...fields].map(([id, line]) => readDevice(id, line));
    return devices.filter(({ seenAt }) => seenAt > now - this.ends.keptMs);
  }

  /** Ends the tokens of one device; the visitor's other devices stay. Returns when, as a generation. */
  end(session: Session, device: DeviceId): Promise<number> {
    const { visitor } = session;
    return this.records.step(async (step) => {
      const now = await timeIfNotEnded(step, session);
      return this.ends.write(step, { visitor, device, now }, [devicesOf(visitor).removeField(device)]);
    });
  }
}

const deviceLine = ({ since, seenAt, provenAt, name }: Device): string =>
  `${since} ${seenAt} ${provenAt} ${name}`;

function readDevice(id: DeviceId, line: string): Device {
  const [since, seenAt, provenAt, ...name] = line.split(" ");
  return {
    id,
    since: Number(since),
    seenAt: Number(seenAt),
    provenAt: Number(provenAt),
    name: name.join(" "),
  };
}
