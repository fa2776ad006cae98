"""Runs the code of a notebook, cell after cell: notebook.py FILE HISTORY; prints what its variables hold as one line of JSON."""

import json
import os
import sys

os.environ["KIS_HISTORY"] = sys.argv[2]
with open(sys.argv[1], encoding="utf-8") as file:
    notebook = json.load(file)
names = {}
for cell in notebook["cells"]:
    if cell["cell_type"] == "code":
        exec(compile("".join(cell["source"]), cell["id"], "exec"), names)
print(
    json.dumps(
        {
            "coverage": names["coverage"]["symbol"].tolist(),
            "days": len(names["closes"]),
            "symbols": names["closes"].columns.tolist(),
            "last": int(names["closes"]["005930"].iloc[-1]),
            "volatility": [float(value) for value in names["volatility"]],
            "results": [float(value) for value in names["result"]],
        }
    )
)
