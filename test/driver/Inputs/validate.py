"""Checks what every consumer of a format relies on in the reports in a folder.

The rules are those of the published schemas and of the consumers' documented
demands, written out; formats.test makes the reports.
"""
import json
import re
import sys
import xml.etree.ElementTree as xml
from pathlib import Path

folder, clean = Path(sys.argv[1]), "--clean" in sys.argv
HEX = re.compile(r"[0-9a-f]{16,}")


def read(name: str) -> str:
    return (folder / f"out.{name}").read_text(encoding="utf-8")


def same(what: str, found: object, wanted: object) -> None:
    assert found == wanted, f"{what}: {found!r} is not {wanted!r}"


findings = json.loads(read("json"))["findings"]
problems = json.loads(read("json"))["problems"]
same("findings", bool(findings), not clean)
same("problems", bool(problems), not clean)
lines = [json.loads(line) for line in read("jsonl").splitlines()]
same("jsonl", len(lines), len(findings) + len(problems))
assert all(line["type"] in ("finding", "problem") for line in lines)

# SARIF 2.1.0
sarif = json.loads(read("sarif"))
same("sarif version", sarif["version"], "2.1.0")
(run,) = sarif["runs"]
driver = run["tool"]["driver"]
assert re.fullmatch(r"\d+\.\d+\.\d+", driver["semanticVersion"])
assert len({rule["id"] for rule in driver["rules"]}) == len(driver["rules"]) > 0
for rule in driver["rules"]:
    assert rule["shortDescription"]["text"].endswith(".") and rule["help"]["text"]
    assert rule["defaultConfiguration"]["level"] in ("error", "warning", "note")
same("sarif success", run["invocations"][0]["executionSuccessful"], clean)
base = run["originalUriBaseIds"]["SRCROOT"]["uri"]
assert base.startswith("file:///") and base.endswith("/")
fingerprints = set()


def check_location(location: dict) -> None:
    physical = location["physicalLocation"]
    uri = physical["artifactLocation"]["uri"]
    assert uri.startswith("file:///") or physical["artifactLocation"]["uriBaseId"] == "SRCROOT"
    assert " " not in uri
    if "region" in physical:
        region = physical["region"]
        start, end = (region["startLine"], region["startColumn"]), (region["endLine"], region["endColumn"])
        assert (1, 1) <= start <= end, region


for result in run["results"]:
    rule = driver["rules"][result["ruleIndex"]]
    same("sarif rule", rule["id"], result["ruleId"])
    fingerprints.add(result["partialFingerprints"]["primaryLocationLineHash"])
    (location,) = result["locations"]
    check_location(location)
    for related in result.get("relatedLocations", []):
        assert related["message"]["text"]
        check_location(related)
    for flow in result.get("codeFlows", []):
        for thread in flow["threadFlows"]:
            assert len(thread["locations"]) > 1
            for step in thread["locations"]:
                check_location(step["location"])
    for fix in result.get("fixes", []):
        for change in fix["artifactChanges"]:
            assert change["replacements"]
same("sarif fingerprints", len(fingerprints), len(run["results"]))
same("sarif results", len(run["results"]), len(findings))

# GitLab code quality
gitlab = json.loads(read("gitlab"))
same("gitlab", len(gitlab), len(findings) + len(problems))
same("gitlab fingerprints", len({issue["fingerprint"] for issue in gitlab}), len(gitlab))
for issue in gitlab:
    assert issue["description"] and issue["check_name"] and HEX.fullmatch(issue["fingerprint"])
    assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
    assert not issue["location"]["path"].startswith("./") and issue["location"]["lines"]["begin"] >= 1
    # What GitLab's own schema demands; it drops all that follow an issue which breaks it.
    assert all(isinstance(issue[key], str) for key in ("description", "fingerprint", "severity"))
    assert isinstance(issue["location"]["path"], str) and isinstance(issue["location"]["lines"]["begin"], int)

# JUnit
suites = xml.fromstring(read("junit"))
same("junit root", suites.tag, "testsuites")
for suite in suites:
    same("junit tests", int(suite.get("tests")), len(suite.findall("testcase")))
    same("junit failures", int(suite.get("failures")), len(suite.findall("testcase/failure")))
    same("junit errors", int(suite.get("errors")), len(suite.findall("testcase/error")))
    assert all(case.get("name") and case.get("classname") for case in suite)
    # Jenkins' schema of it: no other attributes and elements than these, and its form of a time.
    assert set(suite.keys()) <= {"name", "tests", "failures", "errors", "time", "skipped", "timestamp", "hostname", "id", "package"}
    assert re.fullmatch(r"(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]*)?", suite.get("time"))
    for case in suite:
        same("junit case", (case.tag, set(case.keys())), ("testcase", {"name", "time", "classname"}))
        for outcome in case:
            assert outcome.tag in ("failure", "error") and set(outcome.keys()) == {"type", "message"} and not len(outcome), outcome.tag
same("junit failures", len(suites.findall(".//failure")), len(findings))

# reviewdog's DiagnosticResult
rdjson = json.loads(read("rdjson"))
same("rdjson", len(rdjson["diagnostics"]), len(findings) + len(problems))
for diagnostic in rdjson["diagnostics"]:
    assert diagnostic["severity"] in ("ERROR", "WARNING", "INFO") and diagnostic["message"]
    assert diagnostic["location"]["path"] and diagnostic["code"]["value"]

# Checkstyle
checkstyle = xml.fromstring(read("checkstyle"))
same("checkstyle root", checkstyle.tag, "checkstyle")
errors = checkstyle.findall("file/error")
same("checkstyle", len(errors), len(findings) + len(problems))
assert all(error.get("severity") in ("error", "warning", "info") and int(error.get("line")) > 0 for error in errors)

# SonarQube's generic issues
sonar = json.loads(read("sonarqube"))
rules = {rule["id"] for rule in sonar["rules"]}
same("sonarqube duplicates", len(rules), len(sonar["rules"]))
for rule in sonar["rules"]:
    assert rule["id"] and rule["engineId"] and rule["name"] and rule["description"] and rule["impacts"]
same("sonarqube", len(sonar["issues"]), len(findings))
for issue in sonar["issues"]:
    assert issue["ruleId"] in rules
    # What the scanner's validator of reports demands of this form and of the places.
    assert "severity" not in issue and "type" not in issue
    for place in (issue["primaryLocation"], *issue.get("secondaryLocations", [])):
        assert place["filePath"] and place["message"] and place["textRange"]["startLine"] >= 1, place
    text = issue["primaryLocation"]["textRange"]
    if "startColumn" in text and text["startLine"] == text["endLine"]:
        assert text["startColumn"] < text["endColumn"]
