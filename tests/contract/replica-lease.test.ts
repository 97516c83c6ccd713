import { connectToServer } from "../../server/redis/clients";
import { ReplicaLease } from "../../server/redis/replica-lease";
import { test as base, expect } from "./brokers";
import { HandClock } from "./hand-clock";
import { silent } from "./stores";

const leaseMs = 10_000;

type Opened = { lease: ReplicaLease; clock: HandClock; givenUp: string[]; cut(): Promise<void> };

const test = base.extend<{ openLease: () => Promise<Opened>; keyOf: (replica: string) => string }>({
  keyOf: async ({ prefix }, use) => use((replica) => `${prefix}lease:${replica}`),

  openLease: async ({ redis, keyOf }, use) => {
    const opened: { close(): Promise<void> }[] = [];
    await use(async () => {
      const clients = connectToServer(redis.url, silent);
      opened.push(clients);
      const { redis: client } = clients;
      const isReady = () => new Promise<void>((resolve) => client.once("ready", () => resolve()));
      await isReady();
      const [clock, givenUp]: [HandClock, string[]] = [new HandClock(), []];
      const lease = new ReplicaLease({
        redis: client,
        clock,
        leaseMs,
        keyOf,
        register: (replica) => client.set(keyOf(replica), "", "PX", leaseMs),
        givingUp: async (replica) => void givenUp.push(replica),
      });
      return {
        lease,
        clock,
        givenUp,
        cut() {
          client.disconnect(true);
          return isReady();
        },
      };
    });
    for (const clients of opened) await clients.close();
  },
});

test("a lease is taken once, and renewed under its id", async ({ openLease, redis, keyOf }) => {
  const { lease, givenUp } = await openLease();
  expect(lease.isTaken).toBe(false);
  await lease.take();
  const { replica } = lease;
  await redis.client.pexpire(keyOf(replica), 5_000);
  await lease.take();
  expect(await redis.client.pttl(keyOf(replica))).toBeLessThanOrEqual(5_000);
  expect(await lease.renew()).toBe("kept");
  expect(await redis.client.pttl(keyOf(replica))).toBeGreaterThan(5_000);
  expect([lease.replica, lease.isTaken, givenUp]).toEqual([replica, true, []]);
});

test("a lost lease is never resumed: after any number of renewals at once the replica has one new id", async ({
  openLease,
  redis,
  prefix,
  keyOf,
}) => {
  const { lease, givenUp } = await openLease();
  await lease.take();
  const lost = lease.replica;
  await redis.client.del(keyOf(lost));
  expect(await Promise.all([lease.renew(), lease.renew(), lease.renew()])).toEqual(["lost", "lost", "lost"]);
  expect(givenUp).toEqual([lost]);
  expect(lease.replica).not.toBe(lost);
  expect(await redis.client.keys(`${prefix}lease:*`)).toEqual([keyOf(lease.replica)]);
  expect(await lease.renew()).toBe("kept");
});

test("the next renewal gives up a doubted lease, and without a renewal it lapses", async ({
  openLease,
  redis,
  keyOf,
}) => {
  const { lease, givenUp } = await openLease();
  await lease.take();
  const doubted = lease.replica;
  await redis.client.pexpire(keyOf(doubted), 1_000);
  lease.doubt();
  expect(await lease.renew()).toBe("lost");
  expect(givenUp).toEqual([doubted]);
  expect(await redis.client.pttl(keyOf(doubted))).toBeLessThanOrEqual(1_000);
  expect(await lease.renew(), "the new lease is not doubted").toBe("kept");
});

test("a replica judges others only after one whole lease without a break", async ({ openLease }) => {
  const { lease, clock, cut } = await openLease();
  const { lease: other } = await openLease();
  await other.take();
  const both = [other.replica, "dead"];
  const living = async () => [...(await lease.living(both))];
  const afterOneLease = async () => {
    await lease.renew();
    const atFirst = await living();
    clock.skip(leaseMs + 1);
    return [atFirst, await living()];
  };
  const judged = [both, [other.replica]];
  expect(await living(), "before it has a lease of its own").toEqual(both);
  expect(await afterOneLease()).toEqual(judged);
  lease.interrupt();
  expect(await afterOneLease(), "after an interruption").toEqual(judged);
  await cut();
  expect(await afterOneLease(), "after its link was cut").toEqual(judged);
  lease.doubt();
  expect(await afterOneLease(), "after its own lease was given up").toEqual(judged);
});
