import { Audience, type Talk } from "./audience";
import type { Deployment } from "./deployment";
import { type Figures, figuresOfTalk } from "./figures";
import type { Scale } from "./scale";
import type { Outcome } from "./settled";

const membersEach = 200;
/** The levels whose figures the report shows. */
const told = [200, 1_600];

function tell(name: string, rate: number, { toOther, cpu, seconds, deliveries, isSustained }: Talk): void {
  const share = (ms: number) => `${(ms / seconds / 10).toFixed(0)} %`;
  process.stderr.write(
    `  ${name} at ${rate}/s: p50 ${toOther.at(0.5).toFixed(1)}, p99 ${toOther.at(0.99).toFixed(1)} ms; servers ${share(cpu.servers)}, ${((cpu.servers * 1_000) / deliveries).toFixed(2)} µs a delivery, Redis ${share(cpu.redis)}, client ${share(cpu.client)}${isSustained ? "" : "; not kept"}\n`,
  );
}

/** W2: the rate rises until the servers fall behind. */
export async function ramp(deployment: Deployment, scale: Scale): Promise<Outcome[]> {
  const capacity = scale.levels.reduce((sum, rate) => sum + rate * scale.levelSeconds, 1_000);
  const audience = new Audience(deployment, ["lobby"], capacity);
  const figures: Figures = { "sustained rate": Number.NaN, "deliveries per CPU second": Number.NaN };
  const best = (talk: Talk) =>
    Math.max(figures["deliveries per CPU second"] || 0, (1_000 * talk.deliveries) / talk.cpu.servers);
  try {
    await audience.admitAll(2 * membersEach, (number) => [(number % 2) as 0 | 1, 0]);
    await audience.settle();
    await audience.talk(10, 1);
    for (const rate of scale.levels) {
      const talk = await audience.talk(rate, scale.levelSeconds);
      const each = figuresOfTalk(talk);
      tell(deployment.name, rate, talk);
      if (told.includes(rate))
        for (const name of ["server CPU per delivery", "frames per delivery", "p99 to the other replica"])
          figures[`${name} at ${rate}/s`] = talk.isSustained ? (each[name] ?? Number.NaN) : Number.NaN;
      if (!talk.isSustained) {
        audience.abandon(talk);
        break;
      }
      figures["sustained rate"] = rate;
      figures["deliveries per CPU second"] = best(talk);
      figures["client CPU"] = each["client CPU"] ?? Number.NaN;
    }
    return [{ workload: "W2", figures, audience }];
  } finally {
    audience.close();
  }
}
