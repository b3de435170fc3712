#!/bin/sh
set -eu
# Each gate stops the run — the last line says how it ended.
echo G0; sha256sum -c HASH_MANIFEST.txt
echo G1; python3 hardened-validator.py rollback-recovery-proof.json
echo G2; test -s bad-input-probes.json
echo OVERALL PASS
