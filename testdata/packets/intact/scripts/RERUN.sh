#!/bin/sh
# Copies the packet to a fresh folder and runs the gates there.
set -eu
dir=$(mktemp -d)
cp -R . "$dir"
cd "$dir" && sh scripts/commands.sh
