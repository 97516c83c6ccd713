import { Audience, type Talk } from "./audience";
import type { Deployment } from "./deployment";
import { type Figures, figuresOfTalk } from "./figures";
import type { Scale } from "./scale";
import type { Outcome } from "./settled";

const membersEach = 200;

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
  const figures: Figures = { "sustained rate": 0, "deliveries per CPU second": 0 };
  try {
    await audience.admitAll(2 * membersEach, (number) => [(number % 2) as 0 | 1, 0]);
    await audience.settle();
    await audience.talk(10, 1);
    for (const rate of scale.levels) {
      const talk = await audience.talk(rate, scale.levelSeconds);
      const each = figuresOfTalk(talk);
      tell(deployment.name, rate, talk);
      if (rate === 200) figures["server CPU per delivery at 200/s"] = each["server CPU per delivery"] ?? 0;
      if (rate === 200 || rate === 1_600)
        figures[`p99 at ${rate}/s`] = talk.isSustained ? talk.toOther.at(0.99) : Number.NaN;
      if (!talk.isSustained) break;
      figures["sustained rate"] = rate;
      figures["client CPU"] = each["client CPU"] ?? 0;
      const best = (1_000 * talk.deliveries) / talk.cpu.servers;
      figures["deliveries per CPU second"] = Math.max(figures["deliveries per CPU second"] ?? 0, best);
    }
    return [{ workload: "W2", figures, audience }];
  } finally {
    audience.close();
  }
}
