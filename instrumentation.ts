/** Next runs this once at boot, after its HTTP server has begun to listen. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { boot } = await import("./server/boot");
  boot();
}
