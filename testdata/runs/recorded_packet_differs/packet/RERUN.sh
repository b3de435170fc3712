#!/bin/sh
set -eu
copy=$(mktemp -d)
cp -R . "$copy"
cd "$copy"
test "$(sha256sum HASH_MANIFEST.txt | cut -d' ' -f1)" = "$(cat packet_tree.sha256)"
sh commands.sh
