"""Size budgets of the source: a question to the author, asked on every run.

Exit 1 names each file, function or argument list over its bound. The bounds are in CONTRIBUTING.md.
"""

from __future__ import annotations

import ast
import statistics
import sys
from pathlib import Path

FILE_P95, FILE_MOST = 350, 500
FUNCTION_P95, FUNCTION_MOST = 45, 60
ARGUMENTS_MOST = 6
SKIPPED = ("migrations", "static", "node_modules")
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common_functions", "manager", "misc"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def main() -> int:
    """Measure `src` and print what is over a bound."""
    files = [path for path in sorted(Path("src").rglob("*.py")) if not set(path.parts) & set(SKIPPED)]
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    complaints = [
        f"{path}: {length} lines, at most {FILE_MOST}" for path, length in lengths.items() if length > FILE_MOST
    ]
    complaints += [
        f"{path}: a room's name must say what belongs in it" for path in files if path.stem in FORBIDDEN_NAMES
    ]
    functions: dict[str, int] = {}
    for path in files:
        complaints += _measure(path, functions)
    for name, values, bound in (("files", lengths.values(), FILE_P95), ("functions", functions.values(), FUNCTION_P95)):
        if len(values) > 1 and (p95 := statistics.quantiles(values, n=20)[-1]) > bound:
            complaints.append(f"{name}: 95th percentile is {p95:.0f} lines, at most {bound}")
    for complaint in complaints:
        print(complaint)
    print(f"budgets: {len(files)} files, {len(functions)} functions, {len(complaints)} over a bound")
    return 1 if complaints else 0


def _measure(path: Path, functions: dict[str, int]) -> list[str]:
    complaints = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Assert):
            complaints.append(f"{path}:{node.lineno}: assert vanishes under -O; raise an error")
        if isinstance(node, Function):
            where = f"{path}:{node.lineno} {node.name}"
            functions[where] = (node.end_lineno or node.lineno) - node.lineno + 1
            if functions[where] > FUNCTION_MOST:
                complaints.append(f"{where}: {functions[where]} lines, at most {FUNCTION_MOST}")
            arguments = [a.arg for a in [*node.args.posonlyargs, *node.args.args] if a.arg not in ("self", "cls")]
            total = len(arguments) + len(node.args.kwonlyargs)
            if total > ARGUMENTS_MOST:
                complaints.append(f"{where}: {total} arguments, at most {ARGUMENTS_MOST}")
    return complaints


if __name__ == "__main__":
    sys.exit(main())
