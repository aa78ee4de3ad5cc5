#!/bin/sh
# What tests/services need from Debian: a browser. Nothing is done where it is there already.
set -eu
if ! command -v chromium >/dev/null 2>&1; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core
fi
