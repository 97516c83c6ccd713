/** GUARD. */
export const guardLevels = ["off", "mild", "strict"] as const;
export type GuardLevel = (typeof guardLevels)[number];
