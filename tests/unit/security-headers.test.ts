import { expect, test } from "../support/plain-test";

type Headers = { source: string; headers: { key: string; value: string }[] }[];

const environment = process.env as Record<string, string | undefined>;
const before = environment.NODE_ENV;

test.afterEach(() => {
  environment.NODE_ENV = before;
});

test("in production every page refuses foreign and inline scripts, and any frame around it", async () => {
  environment.NODE_ENV = "production";
  const { default: config } = (await import("../../next.config.js")) as {
    default: { headers(): Promise<Headers> };
  };
  const everywhere = (await config.headers()).find(({ source }) => source === "/:path*")?.headers ?? [];
  const headers = Object.fromEntries(everywhere.map(({ key, value }) => [key, value]));
  const policy = (headers["Content-Security-Policy"] ?? "").split("; ");
  for (const rule of [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "frame-ancestors 'none'",
  ])
    expect(policy).toContain(rule);
  expect(policy.join()).not.toContain("unsafe");
  expect(headers["X-Frame-Options"]).toBe("DENY");
});
