"""What ruff cannot measure: size, conditional expressions, one thing at a time, clean notebooks."""

import ast
import io
import re
import tokenize
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted((ROOT / "utils").rglob("*.py"))
FOLDERS = ("utils", "tests", "benchmarks")
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
MOST_CODE_TOKENS = 156_300
MOST_COMPLEX = 8
LAYOUT = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
}
BRANCHES = (
    ast.If,
    ast.IfExp,
    ast.For,
    ast.While,
    ast.ExceptHandler,
    ast.comprehension,
    ast.Assert,
)
WITH_DOCSTRING = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
each_notebook = pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda file: file.stem)


def code_tokens(source: str) -> int:
    """Tokens of Python without comments, docstrings and layout."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, WITH_DOCSTRING)]
    docstrings = sum(ast.get_docstring(node) is not None for node in nodes)
    return sum(token.type not in LAYOUT for token in tokens) - docstrings


def complexity(function: ast.AST) -> int:
    """One more than the places where a function can go two ways."""
    nodes = list(ast.walk(function))
    operands = [len(node.values) - 1 for node in nodes if isinstance(node, ast.BoolOp)]
    return 1 + sum(isinstance(node, BRANCHES) for node in nodes) + sum(operands)


def parallel_assignments(tree: ast.AST) -> list[int]:
    """Lines that set several names to several values at once."""
    assignments = [node for node in ast.walk(tree) if isinstance(node, ast.Assign)]
    return [
        node.lineno
        for node in assignments
        for target in node.targets
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
    ]


def cells_of(notebook: Path, kind: str) -> list[str]:
    cells = nbformat.read(notebook, as_version=4).cells
    return [cell.source for cell in cells if cell.cell_type == kind]


def test_the_measures_of_this_file_measure():
    source = '"""Doc."""\nx = 1 if a and b else 2  # why\n'
    assert code_tokens(source) == 9
    assert complexity(ast.parse(source)) == 3
    assert parallel_assignments(ast.parse("a, b = 1, 2\nc, d = f()")) == [1]


def test_the_code_is_no_larger_than_agreed():
    assert sum(code_tokens(file.read_text("utf-8")) for file in MODULES) <= MOST_CODE_TOKENS


@pytest.mark.parametrize("file", MODULES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_functions_are_simple_and_do_one_thing_at_a_time(file):
    tree = ast.parse(file.read_text("utf-8"))
    functions = [
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    hard = {node.name: complexity(node) for node in functions if complexity(node) > MOST_COMPLEX}
    assert hard == {}
    assert parallel_assignments(tree) == []


def test_the_formatter_is_switched_off_nowhere():
    files = [file for folder in FOLDERS for file in (ROOT / folder).rglob("*.py")]
    for file in [*files, *NOTEBOOKS]:
        assert not re.search(r"#\s*fmt:\s*(off|skip)", file.read_text("utf-8")), file.name


@each_notebook
def test_notebooks_hold_nothing_of_a_run(notebook):
    for cell in nbformat.read(notebook, as_version=4).cells:
        assert not cell.get("outputs")
        assert not cell.get("execution_count")


@each_notebook
def test_notebooks_read_like_a_paper(notebook):
    cells = nbformat.read(notebook, as_version=4).cells
    title, *_ = cells[0].source.splitlines()
    prose = "\n".join(cells_of(notebook, "markdown"))
    assert cells[0].cell_type == "markdown"
    assert re.fullmatch(r"# .+\?", title)
    assert len(re.findall(r"(?m)^# ", prose)) == 1
    number = int(notebook.stem[:2])
    assert re.search(rf"(?m)^Part {number}\b", cells[0].source)
    code = [line for source in cells_of(notebook, "code") for line in source.splitlines()]
    assert len(prose.split()) / len(code) >= 4


@each_notebook
def test_notebooks_have_one_cell_of_parameters(notebook):
    cells = nbformat.read(notebook, as_version=4).cells
    assert sum("parameters" in cell.metadata.get("tags", []) for cell in cells) == 1


@each_notebook
def test_code_of_notebooks_is_short_and_does_one_thing_at_a_time(notebook):
    for source in cells_of(notebook, "code"):
        tree = ast.parse(source)
        assert max(map(len, source.splitlines())) <= 100
        defined = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
        assert not any(isinstance(node, defined) for node in ast.walk(tree))
        lines = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.stmt)]
        assert len(lines) == len(set(lines)), source
        assert not source.rstrip().endswith(";")
        assert parallel_assignments(tree) == []
