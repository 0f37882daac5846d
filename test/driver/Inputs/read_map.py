"""Prints a map in JSON form, a line for each function that comes from a source file, and tests that it holds together."""
import json
import sys

data = json.load(open(sys.argv[1]))
functions = [dict(f, file=file["path"]) for file in data["files"] for f in file["functions"]]
assert data["version"] == 1 and data["failed"] == 0
assert [f["index"] for f in functions] == list(range(len(functions)))
coroutines = [f for f in functions if f["coroutine"]]
total = data["coroutines"]
assert total["count"] == len(coroutines)
for key in ("statements", "io", "separable"):
    assert total[key] == sum(f[key] for f in coroutines), key
assert abs(total["separablePercent"] - 100 * total["separable"] / total["statements"]) < 0.06
for f in functions:
    assert f["io"] + f["separable"] <= f["statements"], f
    for spot in f["hotSpots"]:
        lines = spot["code"]["lines"]
        assert spot["code"]["first"] <= spot["line"] <= spot["endLine"] < spot["code"]["first"] + len(lines) + 1, spot
    if f["file"].endswith(".cpp"):
        calls = ",".join(functions[c]["name"] for c in f["calls"] if functions[c]["file"].endswith(".cpp"))
        spots = "; ".join(f"{s['kind']}: {s.get('signature', '')}" for s in f["hotSpots"])
        print(f["file"], f["name"], f["kind"], f"calls={calls}", spots)
print("total", len(functions))
