#!/usr/bin/env bash
# Runs everything: check, build and all the tests. Arguments go to the runner: npm test -- --project=e2e
set -euo pipefail
cd "$(dirname "$0")/.."
export NEXT_TELEMETRY_DISABLED=1

if ! node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)'; then
  echo "Node 20.19 or later is needed; this is $(node --version)." >&2
  exit 1
fi
if [ ! -x node_modules/.bin/playwright ]; then
  echo "The dependencies are not installed: run npm ci first." >&2
  exit 1
fi

# Without a --project all of them run.
wanted=" $* "
wants() { [[ "$wanted" != *" --project="* || "$wanted" == *" --project=$1 "* ]]; }

has_chromium() {
  if [ -n "${CHROMIUM_PATH:-}" ]; then
    [ -x "$CHROMIUM_PATH" ] || { echo "CHROMIUM_PATH is $CHROMIUM_PATH, which is not an executable file." >&2; exit 1; }
    return
  fi
  [ -x /usr/bin/chromium ] ||
    node -e 'process.exit(require("node:fs").existsSync(require("playwright-core").chromium.executablePath()) ? 0 : 1)'
}
# The pages have Korean and Japanese text; a minimal machine has no fonts for it.
has_letters() { command -v fc-list >/dev/null && [ -n "$(fc-list :lang=ko)" ] && [ -n "$(fc-list :lang=ja)" ]; }

# `unit` and `image` need no other program. `image` runs npm ci, so it needs npm's registry.
missing=()
if wants contract || wants replicas || wants chaos || wants e2e; then
  command -v redis-server >/dev/null || missing+=(redis-server)
fi
if wants e2e; then
  has_chromium || missing+=(chromium)
  has_letters || missing+=(fonts-noto-cjk)
fi

root=()
[ "$(id -u)" -eq 0 ] || root=(sudo -n)
can_install() { command -v apt-get >/dev/null && "${root[@]}" true 2>/dev/null; }
install() {
  "${root[@]}" apt-get update -qq &&
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
}
if [ ${#missing[@]} -gt 0 ]; then
  if ! can_install; then
    echo "The tests need: ${missing[*]}. On Debian: sudo apt-get install ${missing[*]}; then run npm test again." >&2
    exit 1
  fi
  install "${missing[@]}"
fi
# Most browser tests run in Debian's headless shell, which needs less CPU time, and otherwise in the whole browser.
shell=chromium-headless-shell
if wants e2e && [ -z "${CHROMIUM_PATH:-}" ] && [ -x /usr/bin/chromium ] && [ ! -x "/usr/bin/$shell" ] && can_install; then
  install "$shell" || echo "The browser tests take longer without the package $shell." >&2
fi

# The steps of `npm run check`, except its tests, which run below with the others.
npx biome check
npx next typegen
# The build checks all types as well.
if wants replicas || wants chaos || wants e2e; then npm run build; else npx tsc --noEmit; fi
npx playwright test "$@"
