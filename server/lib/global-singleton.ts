/**
 * One value per process. Next loads a module several times (instrumentation, API routes and pages each have
 * their own copy), so module state is not shared; `globalThis` is.
 */
export function globalSingleton<T>(name: string, create: () => T): T {
  const key = Symbol.for(`madang.${name}`);
  const shared = globalThis as unknown as Record<symbol, { value: T } | undefined>;
  shared[key] ??= { value: create() };
  return shared[key].value;
}
