"""suppressions.py PLAIN ALL: what --show-suppressed adds to SARIF."""
import json
import sys


def results(name: str) -> list[dict]:
    with open(name, encoding="utf-8") as file:
        return json.load(file)["runs"][0]["results"]


plain, everything = results(sys.argv[1]), results(sys.argv[2])
assert not any("suppressions" in result for result in plain)
suppressed = [result for result in everything if "suppressions" in result]
where = sorted((result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
                result["locations"][0]["physicalLocation"]["region"]["startLine"]) for result in suppressed)
assert where == [("first.cpp", line) for line in (4, 5, 6, 9, 14, 26)] + [("shared.h", 7)], where
for result in suppressed:
    assert result["suppressions"] == [{"kind": "inSource", "status": "accepted"}]
    assert result["ruleId"] == "coro-missing-await" and not result["message"]["text"].endswith("]")
(in_first, *_) = [result for result in suppressed if result["locations"][0]["physicalLocation"]["region"]["startLine"] == 4]
assert in_first["locations"][0]["logicalLocations"] == [{"fullyQualifiedName": "both", "kind": "function"}]
assert len({result["partialFingerprints"]["primaryLocationLineHash"] for result in everything}) == len(everything)
