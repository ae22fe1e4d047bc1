#!/usr/bin/env bash
# Downloads the releases that the tables of options are compared with into tests/.cache/options: the newest, and some
# older ones that are quickly had. All others are left to `tools/options/download.sh`, which takes minutes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

tools/options/download.sh tests/.cache/options \
  uwsgi==2.0.31 uwsgi==2.0.26 mod_wsgi==6.1.1 gunicorn==27.0.1 gunicorn==23.0.0 waitress==3.0.2
