#!/bin/sh
# The gates of this packet, in order. Read before running — each one is safe on a clone only.
set -eu
sha256sum -c HASH_MANIFEST.txt            # G0: the bytes
python3 validator/run_validator.py reports/rehearsal.json   # G1: the legs
