#!/bin/sh
# What tests/services need: a browser, PostgreSQL and npm from Debian, Azurite from the npm registry. Nothing is done
# where it is there already.
set -eu
if ! command -v chromium >/dev/null 2>&1; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core
fi
if ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql
fi
if ! command -v npm >/dev/null 2>&1; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nodejs npm
fi
if ! command -v azurite-blob >/dev/null 2>&1; then
    npm install --global --silent --no-audit --no-fund azurite@3
fi
