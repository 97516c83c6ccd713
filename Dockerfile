# An LTS line of Node, pinned to one patch release, so that a build can be repeated.
FROM node:24.21.0-bookworm-slim AS base
ENV NEXT_TELEMETRY_DISABLED=1
WORKDIR /app

# Copy these files first: then a change of the code does not install everything again.
FROM base AS deps
ENV PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1
COPY package.json package-lock.json .npmrc ./
RUN npm ci

# The owner's folder. `docker build --build-context site=FOLDER` puts another one in its place.
FROM scratch AS site
COPY site /

FROM base AS build
COPY --from=deps /app/node_modules ./node_modules
COPY . .
COPY --from=site / ./owner
ENV SITE_DIR=owner
# Pages are built once: they give search engines this address (docs/operations.md, SITE_URL).
ARG SITE_URL=""
RUN npm run build

FROM base AS run
LABEL org.opencontainers.image.title="Madang" \
      org.opencontainers.image.description="Anonymous live chat for a blog" \
      org.opencontainers.image.licenses="MIT"
# HOSTNAME: containers set it to their own name, and Next would listen on that address only.
# DATA_DIR: without Redis the server keeps everything there. Mount a volume, or the next container finds nothing.
ENV NODE_ENV=production \
    HOSTNAME=0.0.0.0 \
    PORT=3000 \
    DATA_DIR=/data
# The code belongs to root: the process can read it, but not change it. It writes only to .next/cache and /data;
# /run/madang is for a secret that is made at the first start (compose.yaml).
COPY --from=build /app/.next/standalone ./
# A number, not `node`: Kubernetes (`runAsNonRoot`) refuses a name, because it cannot tell whether the name is root's.
RUN mkdir -p .next/cache /run/madang /data && chown 1000:1000 .next/cache /run/madang /data
USER 1000:1000
VOLUME ["/data"]
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/api/ready`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "server.js"]
