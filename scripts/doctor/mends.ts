/** The line that mends a fault, for each kind of proxy. */
export type Mend = Partial<
  Record<"nginx" | "Traefik" | "Caddy" | "load balancer" | "Redis" | "Madang", string>
>;

/** The mends of a store, by the names that server/redis/store-warnings.ts gives its warnings. */
export const storeMends: Readonly<Record<string, { text: string; mend: Mend }>> = {
  cluster: {
    text: "the store is a server of a cluster, which has a part of the keys only",
    mend: { Madang: "REDIS_CLUSTER=<host:port of its servers>, and REDIS_URL=redis://<user>:<password>@" },
  },
  version: {
    text: "the store is too old",
    mend: { Redis: "Redis 7.0 or later, or Valkey" },
  },
  eviction: {
    text: "the store deletes history when its memory is short",
    mend: { Redis: "maxmemory-policy noeviction   (CONFIG SET while it runs, and in its configuration)" },
  },
  persistence: {
    text: "the store loses what was written since its last snapshot when it restarts",
    mend: { Redis: "appendonly yes   (CONFIG SET while it runs, and in its configuration)" },
  },
  limit: {
    text: "the store grows until the system ends it",
    mend: {
      Redis:
        "maxmemory <half of its machine's memory>   (CONFIG SET while it runs, and in its configuration)",
    },
  },
  clock: {
    text: "the store's clock is more than a second off the replica's",
    mend: { Redis: "NTP on its machine, and on those of the replicas" },
  },
};

export const mends = {
  upstream: {
    nginx: "proxy_pass http://<a replica>:3000;   for all paths",
    Traefik: "loadBalancer.servers: [{ url: http://<a replica>:3000 }], and no other router for the host",
    Caddy: "reverse_proxy <a replica>:3000",
    "load balancer": "its targets are the replicas, on port 3000; their check is /api/ready",
    Madang: "look into its log whether it runs",
  },
  upgrade: {
    nginx:
      'proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";',
    Traefik:
      "nothing: it passes upgrades on. Look for a middleware (buffering, retry) on the route, and remove it",
    Caddy: "reverse_proxy madang:3000   (it passes upgrades on; a handle before it may catch /socket.io)",
    "load balancer":
      "an HTTP listener (layer 7) with WebSockets on, or a TCP listener; no path is cut off before /socket.io",
  },
  host: {
    nginx: "proxy_set_header Host $http_host;",
    Traefik: "loadBalancer.passHostHeader: true",
    Caddy: "header_up Host {host}   (in reverse_proxy; its default, unless it is overwritten)",
    "load balancer": "pass on the Host header as it came",
    Madang: "or ALLOWED_ORIGINS=<the site's address>, where the proxy must change the Host",
  },
  origin: {
    nginx: "remove proxy_set_header Origin",
    Traefik: "remove Origin from customRequestHeaders",
    Caddy: "remove header_up Origin",
    "load balancer": "no rule may add or change the Origin header",
    Madang: "ALLOWED_ORIGINS lists only sites of yours",
  },
  idle: {
    nginx: "proxy_read_timeout 75s; proxy_send_timeout 75s;",
    Traefik: "entryPoints.<name>.transport.respondingTimeouts.readTimeout: 0s",
    Caddy: "remove stream_timeout from reverse_proxy",
    "load balancer":
      "an idle time-out of 60 s or more, and no limit for the whole request (Envoy and Gateway API: timeouts.request: 0s)",
  },
  scheme: {
    nginx:
      "proxy_set_header X-Forwarded-Proto $scheme;   ($http_x_forwarded_proto behind another proxy that ends TLS)",
    Traefik: "entryPoints.<name>.forwardedHeaders.trustedIPs: [the proxy before it]",
    Caddy: "servers { trusted_proxies static <the proxy before it> }",
    "load balancer": "X-Forwarded-Proto: https on the listener that ends TLS",
  },
  forwarded: {
    nginx: "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;",
    Traefik: "nothing: it adds the address by itself",
    Caddy: "nothing: it adds the address by itself",
    "load balancer": "X-Forwarded-For: append",
  },
  policy: {
    nginx: "remove add_header Content-Security-Policy and proxy_hide_header Content-Security-Policy",
    Traefik: "remove contentSecurityPolicy from the headers middleware",
    Caddy: "remove header Content-Security-Policy and header_down -Content-Security-Policy",
    "load balancer": "no rule may change the headers of answers",
  },
  metrics: {
    nginx: "location = /api/metrics { return 404; }",
    Traefik: "a route with a higher priority for Path(`/api/metrics`) and the middleware ipAllowList",
    Caddy: "respond /api/metrics 404",
    "load balancer": "a rule that answers /api/metrics with 404",
    Madang: "METRICS_TOKEN=<openssl rand -hex 32>",
  },
} as const satisfies Record<string, Mend>;
