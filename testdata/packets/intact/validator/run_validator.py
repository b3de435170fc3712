"""Checks that every leg mutated the clone and restored it exactly."""
import json
import sys


def main(path):
    with open(path, encoding="utf-8") as handle:
        legs = json.load(handle)["legs"]
    bad = [leg["id"] for leg in legs
           if leg["before_hash"] == leg["after_apply_hash"]
           or leg["before_hash"] != leg["after_rollback_hash"]]
    for leg in bad:
        print("not proven:", leg)
    return 1 if bad or not legs else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
