import { setPriority } from "node:os";
import { type Attack, attacks, isAttackName } from "./attacks";
import { emptyTally } from "./rogue";

/** The orders of the attacker's process, as JSON in its only argument. */
export type Orders = {
  attack: string;
  urls: string[];
  address: string;
  victim: string;
  seconds: number;
  /** An upper limit, when the attack has more by default. */
  mostSockets?: number;
};

const orders = JSON.parse(process.argv[2] ?? "{}") as Orders;
if (!isAttackName(orders.attack)) throw new Error(`there is no attack ${orders.attack}`);
// A real attacker computes on other machines.
setPriority(10);

const tally = emptyTally();
const { sockets, run }: Attack = attacks[orders.attack];
const endsAt = Date.now() + orders.seconds * 1_000;
const work = (socket: number) => ({
  url: orders.urls[socket % orders.urls.length] ?? "",
  address: orders.address,
  victim: orders.victim,
  tally,
  isOver: () => Date.now() >= endsAt,
});
// The honest visitors wait for this line: Node takes a second to start, and more on a busy machine.
console.log("attacking");
await Promise.race([
  Promise.all(
    Array.from({ length: Math.min(sockets, orders.mostSockets ?? sockets) }, (_, socket) =>
      run(work(socket), socket),
    ),
  ),
  // After that time, give up any answer that is still missing.
  new Promise((resolve) => setTimeout(resolve, (orders.seconds + 2) * 1_000)),
]);
console.log(JSON.stringify(tally));
process.exit(0);
