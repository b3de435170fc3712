#!/bin/sh
set -eu
sh commands.sh
