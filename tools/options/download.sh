#!/usr/bin/env bash
# Downloads released sources into the folder $1: the releases named by the other arguments (`uwsgi==2.0.31`), or all of
# `releases.txt`. What is there already stays. Fails when one cannot be had.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
folder=${1:?usage: download.sh FOLDER [PACKAGE==VERSION ...]}
shift
mkdir -p "$folder"
folder="$(cd "$folder" && pwd)"
if [ $# -eq 0 ]; then
  mapfile -t releases < <(grep -v '^#' "$here/releases.txt")
else
  releases=("$@")
fi

missing=()
for release in "${releases[@]}"; do
  name=${release%%==*}
  version=${release##*==}
  # Archives are called `uWSGI-2.0.17.tar.gz` or `mod-wsgi-...`, depending on the year.
  if ! find "$folder" -maxdepth 1 -iregex ".*/${name//_/[-_]}-${version//./\\.}\(\.tar\.gz\|-py.*\.whl\)" | grep -q .; then
    missing+=("$release")
  fi
done
[ ${#missing[@]} -gt 0 ] || exit 0

# A virtualenv of its own, because pip asks a source archive for its name, and old ones need setuptools to answer.
venv="$folder/.venv"
if [ ! -e "$venv/done" ]; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check setuptools wheel
  touch "$venv/done"
fi
# mod_wsgi asks Apache's `apxs` for directories before it tells its name. Nothing is built here, so any answer will do.
printf '#!/bin/sh\necho /bin/true\n' >"$venv/apxs"
chmod +x "$venv/apxs"

export APXS="$venv/apxs"
printf '%s\n' "${missing[@]}" | xargs -P 2 -n 1 "$venv/bin/pip" download --quiet --disable-pip-version-check \
  --no-deps --no-build-isolation --prefer-binary --no-binary uwsgi,mod_wsgi --dest "$folder"
