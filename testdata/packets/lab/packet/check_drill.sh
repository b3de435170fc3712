#!/bin/sh
# Compares the register before a drill with the register after it.
set -eu
jq -e '.drills[] | select(.before == .changed)' restore-drill.json >/dev/null && exit 3
jq -e 'all(.drills[]; .before == .restored)' restore-drill.json >/dev/null
