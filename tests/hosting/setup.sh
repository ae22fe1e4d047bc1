#!/usr/bin/env bash
# Installs what the hosting tests need: nginx, Apache with mod_wsgi, and under tests/.cache/hosting one
# virtualenv with the frameworks, gunicorn and a uWSGI built from source.
# Running it again only compares the stamp. Needs root, or sudo, only if a package is missing.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
cache="${HOSTING_CACHE:-$here/../.cache/hosting}"
# The last uWSGI whose Python threads are off unless asked for: there a thread that
# is started while loading always dies in the fork, in later ones it is a race.
uwsgi_version=2.0.26
mkdir -p "$cache"
cache="$(cd "$cache" && pwd)"

# The system's Python comes first, because the apps run as `nobody`, who may not
# look into the home directory where pyenv and its like put theirs.
python=""
for candidate in "${HOSTING_PYTHON:-}" /usr/bin/python3.11 /usr/bin/python3 python3.11 python3; do
  [ -n "$candidate" ] || continue
  if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python="$(command -v "$candidate")"
    break
  fi
done

missing=()
command -v nginx >/dev/null 2>&1 || [ -x /usr/sbin/nginx ] || missing+=(nginx)
[ -x /usr/sbin/apache2 ] || missing+=(apache2)
ls /usr/lib/apache2/modules/mod_wsgi*.so >/dev/null 2>&1 || missing+=(libapache2-mod-wsgi-py3)
command -v gcc >/dev/null 2>&1 || missing+=(gcc libc6-dev)
if [ -z "$python" ]; then
  missing+=(python3 python3-dev python3-venv)
else
  header="$("$python" -c 'import sysconfig; print(sysconfig.get_paths()["include"])')/Python.h"
  [ -e "$header" ] || missing+=(python3-dev)
  "$python" -c 'import ensurepip' 2>/dev/null || missing+=(python3-venv)
fi
if [ ${#missing[@]} -gt 0 ]; then
  as_root=()
  if [ "$(id -u)" != 0 ]; then
    as_root=(sudo)
  fi
  if ! command -v apt-get >/dev/null 2>&1 || ! command -v "${as_root[0]:-sh}" >/dev/null 2>&1; then
    echo "the hosting test needs ${missing[*]}: install them first" >&2
    exit 1
  fi
  # Debian starts a service as soon as it is installed, unless this file forbids it.
  policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
    "${as_root[@]}" chmod 755 "$policy"
    trap '"${as_root[@]}" rm -f "$policy"' EXIT
  fi
  install_packages() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}" >"$cache/apt.log" 2>&1
  }
  # A machine that has never fetched the package lists needs them first.
  install_packages || { "${as_root[@]}" apt-get update >"$cache/apt-update.log" 2>&1 && install_packages; } ||
    { tail -20 "$cache/apt.log" >&2; exit 1; }
  python="${python:-/usr/bin/python3}"
fi

want="$(sha256sum "$here/requirements.txt" | cut -c1-16) uwsgi-$uwsgi_version $("$python" -V)"
venv="$cache/venv"
if [ "$(cat "$cache/stamp" 2>/dev/null)" != "$want" ]; then
  rm -rf "$venv" "$cache/stamp"
  "$python" -m venv "$venv"
  pip_install() {
    "$venv/bin/pip" install --quiet --disable-pip-version-check "$@" >>"$cache/pip.log" 2>&1 ||
      { tail -30 "$cache/pip.log" >&2; exit 1; }
  }
  : >"$cache/pip.log"
  pip_install setuptools wheel
  pip_install -r "$here/requirements.txt"
  # From source, because the ready-made wheel is a Python script with a library:
  # reloaders and `sys.executable` see something else there than on a real host.
  pip_install --no-binary uwsgi "uwsgi==$uwsgi_version"
  echo "$want" >"$cache/stamp"
fi

# The clock that makes long sleeps short; see hosts/hosting_clock.py.
site="$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_paths()["purelib"])')"
install -m 644 "$here/hosts/hosting_clock.py" "$site/hosting_clock.py"
echo 'import hosting_clock' >"$site/hosting_clock.pth"
chmod 755 "$cache"

echo "$("$venv/bin/uwsgi" --version 2>/dev/null | sed 's/^/uWSGI /'), $("$venv/bin/gunicorn" --version), $("$venv/bin/python" -V)"
