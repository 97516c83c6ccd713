#!/usr/bin/env bash
# Everything: check, build and all the tests. Further words go to the runner: npm test -- --project=e2e
set -euo pipefail
cd "$(dirname "$0")/.."
export NEXT_TELEMETRY_DISABLED=1

if [ ! -x node_modules/.bin/playwright ]; then
  echo "The dependencies are not installed: run npm ci first." >&2
  exit 1
fi

has_chromium() {
  [ -n "${CHROMIUM_PATH:-}" ] || [ -x /usr/bin/chromium ] ||
    node -e 'process.exit(require("node:fs").existsSync(require("playwright-core").chromium.executablePath()) ? 0 : 1)'
}

missing=()
command -v redis-server >/dev/null || missing+=(redis-server)
# The pages speak Korean and Japanese; a bare machine has no letters for them.
has_chromium || missing+=(chromium fonts-noto-cjk)

if [ ${#missing[@]} -gt 0 ]; then
  root=()
  [ "$(id -u)" -eq 0 ] || root=(sudo -n)
  if ! command -v apt-get >/dev/null || ! "${root[@]}" true 2>/dev/null; then
    echo "The tests need: ${missing[*]}. Install them and run npm test again." >&2
    exit 1
  fi
  "${root[@]}" apt-get update -qq
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
fi

# What `npm run check` does, but for its tests, which come below with the others.
npx biome check
npx next typegen
npx tsc --noEmit
npm run build
npx playwright test "$@"
