import type { Talk } from "./audience";
import type { Faults } from "./tally";

/** One run of one workload: figures by name. */
export type Figures = Record<string, number>;

/** The figures of a talk, each for one delivery or message. */
export const figuresOfTalk = ({ sent, deliveries, frames, seconds, toOther, toAll, cpu }: Talk): Figures => ({
  "server CPU per delivery": (cpu.servers * 1_000) / deliveries,
  "server CPU": cpu.servers / seconds / 10,
  "p50 to the other replica": toOther.count > 0 ? toOther.at(0.5) : toAll.at(0.5),
  "p99 to the other replica": toOther.count > 0 ? toOther.at(0.99) : toAll.at(0.99),
  "frames per delivery": frames / deliveries,
  "Redis CPU per message": (cpu.redis * 1_000) / sent,
  "client CPU": cpu.client / seconds / 10,
});

export const faultsOf = (faults: Faults): Figures => Object.fromEntries(Object.entries(faults));
