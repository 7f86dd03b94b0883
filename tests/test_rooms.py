"""The rooms of ``utils``: who imports from whom, and what is at their doors."""

import ast
import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[1]
UTILS = ROOT / "utils"
ROOMS = ["corpus", "search", "stats", "facts", "page", "report"]  # imports go from right to left
HEAVY = ["scipy", "sklearn", "matplotlib"]
each_room = pytest.mark.parametrize("room", ROOMS)


def imports_of(tree: ast.AST) -> Iterator[tuple[str, list[str]]]:
    """Modules of ``utils`` that a tree imports, each with the names taken from it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("utils"):
            yield node.module, [alias.name for alias in node.names]
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.startswith("utils"):
                    yield alias.name, []


def door_of(room: str) -> Path:
    return UTILS / room / "__init__.py"


def names_at(room: str) -> list[str]:
    """The public names of a room: those that its door imports."""
    tree = ast.parse(door_of(room).read_text("utf-8"))
    return [name for _, names in imports_of(tree) for name in names]


def is_module(name: str) -> bool:
    return (ROOT / name.replace(".", "/")).with_suffix(".py").is_file()


def test_every_folder_of_utils_is_a_room():
    assert {file.parent.name for file in UTILS.glob("*/__init__.py")} == set(ROOMS)
    assert [file.name for file in UTILS.glob("*.py")] == ["__init__.py"]


@each_room
def test_a_room_imports_modules_of_itself_and_of_the_rooms_before_it(room):
    for file in (UTILS / room).rglob("*.py"):
        is_command = file.name == "__main__.py"  # it stands outside the rooms
        allowed = ROOMS if is_command else ROOMS[: ROOMS.index(room) + 1]
        for module, names in imports_of(ast.parse(file.read_text("utf-8"))):
            assert module.split(".")[1] in allowed, f"{file.name} imports {module}"
            modules = [module] if is_module(module) else [f"{module}.{name}" for name in names]
            assert all(map(is_module, modules)), f"{file.name} imports {module} through its door"


@each_room
def test_a_door_has_one_sentence_and_names_and_nothing_else(room):
    tree = ast.parse(door_of(room).read_text("utf-8"))
    sentence, *imports = tree.body
    assert re.fullmatch(r"[A-Z][^.?!]{20,}\.", ast.literal_eval(sentence.value))
    assert all(isinstance(node, ast.ImportFrom) for node in imports)
    assert {module.split(".")[1] for module, _ in imports_of(tree)} == {room}


@each_room
def test_every_name_at_a_door_is_behind_it(room):
    names = names_at(room)
    assert len(names) == len(set(names)) > 0
    door = importlib.import_module(f"utils.{room}")
    assert [name for name in names if not hasattr(door, name)] == []


@pytest.mark.parametrize("room", ["corpus", "search"])
def test_a_light_door_loads_nothing_heavy(room):
    code = f"import sys, utils.{room}; print(*[name for name in {HEAVY} if name in sys.modules])"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert loaded.stdout.strip() == ""


@pytest.mark.parametrize(
    "notebook", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda file: file.stem
)
def test_notebooks_come_in_through_the_doors(notebook):
    cells = nbformat.read(notebook, as_version=4).cells
    source = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
    for module, names in imports_of(ast.parse(source)):
        _, *room = module.split(".")
        assert len(room) <= 1, f"{module} is not a door"
        assert set(names) <= set(names_at(*room) if room else ROOMS)
