#!/usr/bin/env bash
# Installs what the test of background tasks needs: Redis, and under tests/.cache/background a
# virtualenv with the task queues, and another one with Django 6 where there is a Python for it.
# uWSGI is the one of the hosting test. Running it again only compares the stamps.
# Needs root, or sudo, only if a package is missing.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
bash "$here/../hosting/setup.sh"
hosting="${HOSTING_CACHE:-$here/../.cache/hosting}"
cache="$here/../.cache/background"
mkdir -p "$cache"
cache="$(cd "$cache" && pwd)"

if ! command -v redis-server >/dev/null 2>&1; then
  as_root=()
  if [ "$(id -u)" != 0 ]; then
    as_root=(sudo)
  fi
  if ! command -v apt-get >/dev/null 2>&1; then
    echo "the test of background tasks needs redis-server: install it first" >&2
    exit 1
  fi
  # Debian starts a service as soon as it is installed, unless this file forbids it.
  policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
    "${as_root[@]}" chmod 755 "$policy"
    trap '"${as_root[@]}" rm -f "$policy"' EXIT
  fi
  install_redis() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends redis-server >"$cache/apt.log" 2>&1
  }
  install_redis || { "${as_root[@]}" apt-get update >"$cache/apt-update.log" 2>&1 && install_redis; } ||
    { tail -20 "$cache/apt.log" >&2; exit 1; }
fi

# Makes the virtualenv $1 with the Python $2 and the requirements $3, unless it is there.
make_venv() {
  local venv="$cache/$1" python=$2 requirements=$3 want
  want="$(sha256sum "$requirements" | cut -c1-16) $("$python" -V)"
  if [ "$(cat "$cache/$1.stamp" 2>/dev/null)" != "$want" ]; then
    rm -rf "$venv" "$cache/$1.stamp"
    "$python" -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$requirements" >"$cache/pip.log" 2>&1 ||
      { tail -30 "$cache/pip.log" >&2; exit 1; }
    echo "$want" >"$cache/$1.stamp"
  fi
}

# uWSGI runs the Python that it was built with.
make_venv venv "$(readlink -f "$hosting/venv/bin/python")" "$here/requirements.txt"

python=""
for candidate in "${DJANGO6_PYTHON:-}" python3.13 python3.12 python3.14 python3 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.1[234]*/bin/python; do
  [ -n "$candidate" ] || continue
  if "$candidate" -c 'import sys, ensurepip; sys.exit(not (3, 12) <= sys.version_info < (3, 15))' 2>/dev/null; then
    python="$(command -v "$candidate")"
    break
  fi
done
if [ -n "$python" ]; then
  make_venv django6 "$python" "$here/requirements-django6.txt"
else
  rm -rf "$cache/django6" "$cache/django6.stamp"
  echo "note: there is no Python 3.12, so Django's own tasks are tested with their backport only"
fi
