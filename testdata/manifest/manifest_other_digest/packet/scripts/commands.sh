#!/bin/sh
# The gates of this packet, in order — each is safe on a clone only.
set -eu
sha256sum -c HASH_MANIFEST.txt
