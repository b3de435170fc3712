#!/usr/bin/env python3
"""Judges rollback evidence: three states for every entry — and no flag is believed."""
import json
import sys


def reject(code):
    print(code)
    sys.exit(2)


entries = json.load(open(sys.argv[1], encoding="utf-8"))["entries"]
for entry in entries:
    if entry["after_apply_hash"] == entry["before_hash"]:
        reject("ROLLBACK_APPLY_DID_NOT_MUTATE:" + entry["id"])
    if entry["after_rollback_hash"] != entry["before_hash"]:
        reject("ROLLBACK_NOT_RESTORED:" + entry["id"])
