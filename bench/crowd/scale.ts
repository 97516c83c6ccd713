/** How much of everything a run does. */
export type Scale = {
  rounds: number;
  quietSeconds: number;
  /** W1. */
  busySeconds: number;
  warmUpSeconds: number;
  /** W2: messages a second, and for how long each. */
  levels: readonly number[];
  levelSeconds: number;
  /** W3. */
  roomsSeconds: number;
  arrivals: { count: number; seconds: number };
  /** How many members come back at once after their replica has died. */
  returners: number;
  /** How long the other members are watched after a replica has died, at most. */
  departureSeconds: number;
  /** The two numbers of members between which the growth of memory is measured. */
  idle: { few: number; many: number };
  growth: { rooms: number; entries: number; members: number; seconds: number; turns: number };
};

export const fullScale: Scale = {
  rounds: 3,
  quietSeconds: 15,
  busySeconds: 10,
  warmUpSeconds: 3,
  levels: [25, 50, 100, 200, 400, 800, 1_600, 3_200],
  levelSeconds: 4,
  roomsSeconds: 8,
  arrivals: { count: 500, seconds: 5 },
  returners: 2_000,
  departureSeconds: 25,
  idle: { few: 2_000, many: 10_000 },
  growth: { rooms: 5_000, entries: 10_000, members: 2_000, seconds: 5, turns: 3 },
};

export const quickScale: Scale = {
  rounds: 1,
  quietSeconds: 3,
  busySeconds: 3,
  warmUpSeconds: 1.5,
  levels: [50, 200, 800, 1_600, 3_200],
  levelSeconds: 1,
  roomsSeconds: 2.5,
  arrivals: { count: 500, seconds: 5 },
  returners: 500,
  departureSeconds: 16,
  idle: { few: 200, many: 1_000 },
  growth: { rooms: 200, entries: 2_000, members: 300, seconds: 2, turns: 1 },
};
