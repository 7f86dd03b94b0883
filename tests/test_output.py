"""The folder of the report: what counts as an input, whose files are in it, and all or nothing."""

import csv
import hashlib
import io
import json
import os
import shutil
import subprocess
from importlib.metadata import PathDistribution
from pathlib import Path

import nbformat
import pytest

from utils.corpus import Mistake
from utils.page.show import MIME
from utils.report import main
from utils.report.exports import csv_of
from utils.report.manifest import corpus_files, inputs_of, unchanged
from utils.report.markdown import markdown_to_html
from utils.report.places import LOCK, NEW, NOTEBOOKS, ROOT, UNDO, notebooks_named
from utils.report.produce import check_output, write_report
from utils.report.run import Failure
from utils.report.swap import clear, in_place, swap

ONE, TWO, *_ = [file.stem for file in notebooks_named([])]
FULL = OSError(28, "No space left on device")


def tree(folder: Path) -> dict[str, bytes]:
    files = [file for file in sorted(folder.rglob("*")) if file.is_file()]
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def said(text: str) -> dict:
    return {"kind": "text", "text": text}


def table(name: str = "words", **changes) -> dict:
    columns = [{"key": "term", "numeric": False}]
    return {
        "kind": "table",
        "name": name,
        "caption": "Words.",
        "columns": columns,
        "rows": [["sea"]],
        "names": {},
    } | changes


def articles(*doc_ids: str) -> dict:
    fields = {"short_title": "Rain", "meta": {}, "lines": [{"label": "", "parts": [[None, "It."]]}]}
    return {
        "kind": "articles",
        "articles": [{"doc_id": doc_id, **fields} for doc_id in doc_ids],
        "collected": {"articles": len(doc_ids), "dated": 0, "published": []},
    }


@pytest.fixture
def write(monkeypatch):
    """Write a report of notebooks that are said to have shown {name: bundles or a failure}."""

    def make(output: Path, shown: dict) -> dict:
        def run(notebooks, parameters, folder, kernels):
            folder.mkdir()
            failures = {}
            for stem, bundles in shown.items():
                if isinstance(bundles, Failure):
                    failures[stem] = bundles
                    continue
                outputs = [
                    nbformat.v4.new_output("display_data", {MIME: bundle}) for bundle in bundles
                ]
                cells = [nbformat.v4.new_code_cell("show()", id="a", outputs=outputs)]
                nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / f"{stem}.ipynb")
            return failures

        monkeypatch.setattr("utils.report.produce.run_notebooks", run)
        stems = dict.fromkeys(stem.partition(".")[0] for stem in shown)
        notebooks = [NOTEBOOKS / f"{stem}.ipynb" for stem in stems]
        return write_report(notebooks, {}, output, None, {stem: {"made": 1} for stem in stems})

    return make


# What counts as an input


@pytest.fixture
def corpus(tmp_path):
    """A corpus whose texts are behind a link, with a linked file and a circle."""
    folder = tmp_path / "given"
    for place in ("given", "elsewhere", "other"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "a.txt").write_text("Rain fell.")
    (folder / "themes.csv").write_text("theme,pattern\n")
    (folder / "texts").symlink_to(tmp_path / "elsewhere")
    (folder / "linked.txt").symlink_to(tmp_path / "other" / "a.txt")
    (folder / "circle").symlink_to(folder)
    return folder


CHANGES = {
    "a text behind a linked folder": lambda folder: (folder / "texts" / "a.txt").write_text("Sun."),
    "the text that a link leads to": lambda folder: (folder / "linked.txt").write_text("Sun."),
    "a file that moved": lambda folder: (folder / "themes.csv").rename(folder / "texts/themes.csv"),
    "a file that is new": lambda folder: (folder / "aliases.csv").touch(),
    "a link that leads elsewhere": lambda folder: (
        (folder / "circle").unlink(),
        (folder / "circle").symlink_to(folder / "texts"),
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_of_a_corpus_is_another_input(corpus, change):
    before = inputs_of(notebooks_named([]), corpus, {})
    assert inputs_of(notebooks_named([]), corpus, {}) == before
    CHANGES[change](corpus)
    assert inputs_of(notebooks_named([]), corpus, {})[ONE] != before[ONE]


def test_the_name_of_a_corpus_is_an_input_and_its_place_is_not(tmp_path):
    made = []
    for name in ("one/rain", "two/rain", "one/sun"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "a.txt").write_text("It fell.")
        made.append(inputs_of(notebooks_named([]), tmp_path / name, {}))
    assert made[0] == made[1]
    assert made[0] != made[2]


def test_a_corpus_may_be_a_file(tmp_path):
    file = tmp_path / "all.csv"
    named = [file, tmp_path / "all.csv#text", tmp_path / "all.csv#lead"]
    file.write_text("text\nRain fell.\n")
    before = [inputs_of(notebooks_named([]), source, {}) for source in named]
    file.write_text("text\nThe sun shone.\n")
    after = [inputs_of(notebooks_named([]), source, {}) for source in named]
    assert len({json.dumps(inputs) for inputs in before + after}) == 6


@pytest.mark.parametrize("package", ["wordfreq", "simplemma", "regex", "Jinja2", "latex2mathml"])
def test_the_version_of_every_package_is_an_input(corpus, tmp_path, monkeypatch, package):
    from importlib.metadata import distributions

    before = inputs_of(notebooks_named([]), corpus, {})
    assert any(found.metadata["Name"].lower() == package.lower() for found in distributions())
    others = [found for found in distributions() if found.metadata["Name"] != package]
    (tmp_path / "METADATA").write_text(f"Name: {package}\nVersion: 99.0\n")
    changed = [*others, PathDistribution(tmp_path)]
    monkeypatch.setattr("utils.report.manifest.distributions", lambda: changed)
    assert inputs_of(notebooks_named([]), corpus, {}) != before


def test_python_code_notebook_parameters_and_fonts_are_inputs(corpus, tmp_path, monkeypatch):
    notebook = tmp_path / f"{ONE}.ipynb"
    notebook.write_text("{}")
    shutil.copytree(ROOT / "utils" / "page", tmp_path / "code")
    monkeypatch.setattr("utils.report.manifest.UTILS", tmp_path / "code")
    made = [inputs_of([notebook], corpus, {})]
    made.append(inputs_of([notebook], corpus, {"TOP": "9"}))
    notebook.write_text("{ }")
    made.append(inputs_of([notebook], corpus, {}))
    (tmp_path / "code" / "house.py").rename(tmp_path / "code" / "templates" / "house.py")
    made.append(inputs_of([notebook], corpus, {}))
    monkeypatch.setattr("platform.python_version", lambda: "3.99.0")
    made.append(inputs_of([notebook], corpus, {}))
    monkeypatch.setattr("matplotlib.font_manager.findSystemFonts", lambda: ["/fonts/new.ttf"])
    made.append(inputs_of([notebook], corpus, {}))
    assert len({json.dumps(inputs) for inputs in made}) == len(made)


def test_a_folder_that_is_no_corpus_is_refused_before_it_is_read(tmp_path, monkeypatch):
    for number in range(5):
        (tmp_path / f"{number}.txt").touch()
    (tmp_path / "large").mkdir()
    with (tmp_path / "large" / "disk.img").open("wb") as file:
        file.truncate(2 * 10**9)
    monkeypatch.setattr("builtins.open", lambda *_: pytest.fail("a file was opened"))
    monkeypatch.setattr("utils.report.manifest.MOST_BYTES", 10**9)
    with pytest.raises(Mistake, match="more than .* 1,000,000,000 bytes.*; name the folder"):
        inputs_of([], tmp_path, {})
    monkeypatch.setattr("utils.report.manifest.MOST_FILES", 4)
    with pytest.raises(Mistake, match="more than 4 files"):
        corpus_files(tmp_path)


def test_a_link_to_a_folder_that_is_not_read_is_not_followed(corpus, monkeypatch):
    monkeypatch.setattr("utils.report.manifest.MOST_FILES", 10)
    fill(corpus.parent / "many", {f"{number}.txt": "" for number in range(20)})
    link(corpus / "everything", corpus.parent / "many")
    assert len(corpus_files(corpus)) < 10


def test_a_pipe_is_not_opened(corpus):
    os.mkfifo(corpus / "pipe")
    inputs_of([], corpus, {})
    with pytest.raises(Mistake, match="neither a folder nor a file"):
        corpus_files(corpus / "pipe")


def test_a_full_disk_is_said_of_the_folder_that_is_full(tmp_path, monkeypatch, capsys):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(elsewhere))
    full = FULL

    def read(*_, **__):
        raise full

    monkeypatch.setattr("utils.report.produce.read_corpus", read)
    assert main(["--output", str(tmp_path / "report")]) == 2
    assert capsys.readouterr().err == f"{elsewhere}: No space left on device\n"


def test_a_name_that_is_too_long_is_that_of_the_corpus(tmp_path, capsys):
    assert main([f"{tmp_path}/{'x' * 300}", "--output", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err.startswith(str(tmp_path))
    assert not (tmp_path / "out").exists()


# Other people's files


def fill(folder: Path, files: dict) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


def ours(name: str, text: str) -> str:
    """A manifest of the first version, as its hashes were made."""
    digest = hashlib.sha256(text.encode()).digest()
    whole = hashlib.sha256(name.rpartition("/")[2].encode() + b"\0" + digest).hexdigest()[:16]
    return json.dumps({"files": {name: whole}, "notebooks": {ONE: {"code": "x"}}})


MANIFESTS = {
    "an empty object": "{}",
    "a list": "[]",
    "null": "null",
    "nothing": "",
    "a number": "1" * 5000,
    "cut off": ours("index.html", "mine")[:50],
    "a bundler's": '{"main.js": "main.8f3a.js", "index.html": "index.html"}',
    "a browser's": '{"name": "App", "version": 2, "files": {"a": "b"}}',
    "deep": "[" * 100_000,
    "with the hash of another file": ours("index.html", "not mine"),
    "with a list of files": '{"files": ["index.html"], "notebooks": {}}',
    "with no hash": '{"files": {"index.html": 1}, "notebooks": {}}',
    "of another version": ours("index.html", "mine")[:-1] + ', "version": 99}',
    **{
        f"that leads to {name}": ours(name, "thesis")
        for name in ("data/../../thesis.txt", "/thesis.txt", "C:/a", "..\\a", "a//b", "a\n", "./a")
    },
}


@pytest.mark.parametrize("manifest", MANIFESTS)
def test_a_folder_with_a_manifest_that_is_not_ours_is_not_written_to(manifest, tmp_path, capsys):
    folder = fill(tmp_path / "site", {"index.html": "mine", "manifest.json": MANIFESTS[manifest]})
    (tmp_path / "thesis.txt").write_text("thesis")
    before = tree(tmp_path)
    assert main(["--output", str(folder)]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    assert tree(tmp_path) == before


def test_a_huge_manifest_is_not_read(tmp_path):
    fill(tmp_path, {"index.html": "mine", "manifest.json": ""})
    with (tmp_path / "manifest.json").open("wb") as file:
        file.truncate(10**11)
    with pytest.raises(Mistake, match="no report of this program"):
        check_output(tmp_path, ROOT / "corpus", [])


PLACES = {
    "the project": (lambda tmp: ROOT, "holds the corpus"),
    "the notebooks": (lambda tmp: NOTEBOOKS, "is inside the folder of notebooks"),
    "a folder in the code": (lambda tmp: ROOT / "utils" / "new", "is inside the code"),
    "a home": (lambda tmp: fill(tmp / "home", {".profile": ""}), "has other files (.profile)"),
    "a site": (lambda tmp: fill(tmp / "site", {"index.html": ""}), "has other files (index.html)"),
    "a file": (lambda tmp: fill(tmp, {"file": ""}) / "file", "is a file"),
    "a folder in a file": (lambda tmp: fill(tmp, {"file": ""}) / "file" / "new", "cannot be"),
    "the corpus": (lambda tmp: tmp / "corpus", "is inside the corpus"),
    "a folder in the corpus": (lambda tmp: tmp / "corpus" / "texts" / "new", "inside the corpus"),
    "what holds the corpus": (lambda tmp: tmp, "holds the corpus"),
    "a link to the corpus": (lambda tmp: link(tmp / "to", tmp / "corpus"), "is inside the corpus"),
    "a link to a site": (
        lambda tmp: link(tmp / "to", fill(tmp / "site", {"a": ""})),
        "has other files (a)",
    ),
    "a link to itself": (lambda tmp: link(tmp / "to", tmp / "to"), "loop"),
}


def link(path: Path, target: Path) -> Path:
    path.symlink_to(target)
    return path


@pytest.mark.parametrize("place", PLACES)
def test_a_place_that_is_not_for_reports_is_refused(place, make_corpus, tmp_path, capsys):
    corpus = make_corpus({"a": "T\n\nRain fell."})
    path, line = PLACES[place]
    output = path(tmp_path)
    before = tree(tmp_path)
    assert main(["--corpus", str(corpus), "--output", str(output)]) == 2
    error = capsys.readouterr().err
    assert line in error
    assert len(error.strip().splitlines()) == 1
    assert tree(tmp_path) == before
    assert not (ROOT / "utils" / "new").exists()


ACCEPTED = {
    "new": lambda tmp: tmp / "a" / "b",
    "empty": lambda tmp: fill(tmp / "a", {}),
    "a new file system": lambda tmp: fill(tmp / "a" / "lost+found", {}).parent,
    "behind a link": lambda tmp: link(tmp / "to", fill(tmp / "a", {})),
    "of the first version": lambda tmp: fill(
        tmp / "a", {"index.html": "mine", "manifest.json": ours("index.html", "mine")}
    ),
}


@pytest.mark.parametrize("place", ACCEPTED)
def test_a_new_an_empty_folder_and_a_report_are_written_to(place, write, tmp_path):
    output = ACCEPTED[place](tmp_path)
    check_output(output, ROOT / "corpus", [NOTEBOOKS / f"{ONE}.ipynb"])
    assert write(output, {ONE: [said("It rained.")]}) == {}
    assert "It rained." in (output / f"{ONE}.html").read_text("utf-8")
    assert not list(output.glob(".report*"))


def test_a_page_that_the_user_changed_is_not_replaced(write, tmp_path, capsys):
    write(tmp_path / "out", {ONE: [said("It rained.")]})
    page = tmp_path / "out" / f"{ONE}.html"
    page.write_text("my notes")
    assert main(["--output", str(tmp_path / "out"), "--force"]) == 2
    assert f"{ONE}.html: not as a run of this program left it" in capsys.readouterr().err
    with pytest.raises(Mistake, match="move it away"):
        write(tmp_path / "out", {ONE: [said("It snowed.")]})
    assert page.read_text() == "my notes"


def test_files_of_the_user_stay(write, tmp_path):
    output = tmp_path / "out"
    write(output, {ONE: [said("It rained."), articles("a", "b")]})
    fill(output / "articles", {"note.txt": "mine"})
    fill(output, {"note.txt": "mine"})
    write(output, {ONE: [said("It snowed."), articles("b")]})
    files = tree(output)
    assert files["note.txt"] == files["articles/note.txt"] == b"mine"
    assert "articles/a.html" not in files
    assert "articles/b.html" in files


IN_THE_WAY = {
    "a file": lambda output, tmp: fill(output / "articles", {"new.html": "mine"}),
    "a folder": lambda output, tmp: (output / "articles" / "new.html").mkdir(),
    "a file for a folder": lambda output, tmp: fill(output / "data", {ONE: "mine"}),
    "a link that leads out": lambda output, tmp: link(
        output / "data" / ONE, fill(tmp / "v", {"a": ""})
    ),
}


@pytest.mark.parametrize("what", IN_THE_WAY)
def test_what_is_in_the_way_of_a_new_file_stays(what, write, tmp_path):
    output = tmp_path / "out"
    write(output, {ONE: [articles("old")]})
    IN_THE_WAY[what](output, tmp_path)
    before = tree(tmp_path)
    with pytest.raises(Mistake, match="would be replaced or deleted"):
        write(output, {ONE: [articles("old", "new"), table()]})
    assert tree(tmp_path) == before


def test_a_notebook_that_no_run_made_has_no_page(write, tmp_path):
    output = tmp_path / "out"
    write(output, {ONE: [said("It rained.")]})
    foreign = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Mine")])
    nbformat.write(foreign, output / "notebooks" / "mine.ipynb")
    write(output, {ONE: [said("It snowed.")]})
    assert "Mine" not in (output / "index.html").read_text("utf-8")
    assert (output / "notebooks" / "mine.ipynb").is_file()


# Nothing stale


def test_a_notebook_that_left_the_project_loses_its_page(write, tmp_path, monkeypatch):
    output = tmp_path / "out"
    write(output, {ONE: [said("It rained.")], TWO: [table()]})
    assert unchanged(output, {ONE: {"made": 1}}) == {ONE}
    left = [NOTEBOOKS / f"{ONE}.ipynb"]
    for module in ("manifest", "produce"):
        monkeypatch.setattr(f"utils.report.{module}.notebooks_named", lambda names: left)
    assert unchanged(output, {ONE: {"made": 1}}) == set()
    write(output, {ONE: [said("It rained.")]})
    assert not [name for name in tree(output) if TWO in name]
    assert TWO not in (output / "index.html").read_text("utf-8")
    assert TWO not in (output / f"{ONE}.html").read_text("utf-8")


def test_a_failing_notebook_keeps_an_earlier_page_and_the_index_says_so(write, tmp_path):
    output = tmp_path / "out"
    write(output, {ONE: [said("It rained.")]})
    write(output, {ONE: Failure("01: no luck"), TWO: [said("It snowed.")]})
    assert "Its page comes from an earlier run" in (output / "index.html").read_text("utf-8")
    assert "It rained." in (output / f"{ONE}.html").read_text("utf-8")


def test_a_notebook_that_fails_in_one_language_keeps_its_earlier_pages_in_all(write, tmp_path):
    output = tmp_path / "out"
    write(output, {ONE: [said("It rained.")], f"{ONE}.zh": [said("下雨了。")]})
    write(output, {ONE: [said("It snowed.")], f"{ONE}.zh": Failure("zh: no luck"), TWO: [table()]})
    assert "It rained." in (output / f"{ONE}.html").read_text("utf-8")
    assert "下雨了。" in (output / f"{ONE}.zh.html").read_text("utf-8")
    assert "zh: no luck" in (output / "index.html").read_text("utf-8")


def test_a_language_that_the_corpus_has_no_longer_loses_its_page(write, tmp_path):
    output = tmp_path / "out"
    write(output, {ONE: [said("It rained.")], f"{ONE}.zh": [said("下雨了。")]})
    write(output, {ONE: [said("It rained.")]})
    assert not [name for name in tree(output) if ".zh" in name]


def test_a_failing_notebook_without_an_earlier_page_is_not_said_to_have_one(write, tmp_path):
    output = tmp_path / "out"
    write(output, {ONE: Failure("01: no luck"), TWO: [said("It snowed.")]})
    index = (output / "index.html").read_text("utf-8")
    assert "no luck" in index
    assert "earlier run" not in index
    assert f"{ONE}.html" not in index


# All or nothing


OLD = {ONE: [said("It rained."), articles("a", "b"), table("old")]}
THEN = {ONE: [said("It snowed."), articles("b", "c"), table("new")]}


def failing(monkeypatch, place: str, at: int, then=FULL):
    """Let the call number ``at`` of a function fail; a list that has an item when it did."""
    module, _, name = place.rpartition(".")
    owner = {"os": os, "Path": Path, "shutil": shutil}[module]
    real = getattr(owner, name)
    calls = iter(range(1, 10**6))
    failed = []

    def call(*values, **options):
        if next(calls) == at:
            failed.append(at)
            raise then
        return real(*values, **options)

    monkeypatch.setattr(owner, name, call)
    return failed


FAULTS = ["os.replace", "Path.write_text", "Path.write_bytes", "Path.mkdir", "Path.unlink"]


@pytest.mark.parametrize("place", FAULTS)
def test_after_a_fault_at_any_call_the_old_report_is_whole_or_the_new_one(
    place, write, tmp_path, monkeypatch
):
    write(tmp_path / "old", OLD)
    shutil.copytree(tmp_path / "old", tmp_path / "new")
    write(tmp_path / "new", THEN)
    old, new = tree(tmp_path / "old"), tree(tmp_path / "new")
    assert old.keys() != new.keys()
    problems = []
    for number in range(1, 100):
        output = tmp_path / str(number)
        shutil.copytree(tmp_path / "old", output)
        with monkeypatch.context() as patch:
            failed = failing(patch, place, number)
            problems.append(problem_of(lambda output=output: write(output, THEN)))
        (output / LOCK).unlink(missing_ok=True)  # it could not be removed
        assert tree(output) == (old if problems[-1] else new)
        shutil.rmtree(output)
        if not failed:
            break
    assert problems[-1] == ""
    assert any(problems)
    assert all("No space left on device" in problem for problem in problems if problem)


def problem_of(run) -> str:
    """The one line that says why nothing was written; nothing where it was."""
    try:
        run()
    except Mistake as mistake:
        (problem,) = mistake.problems
        return problem
    return ""


def test_a_run_killed_at_any_move_is_put_right_by_the_next(write, tmp_path, monkeypatch):
    write(tmp_path / "old", OLD)
    old = tree(tmp_path / "old")
    kills = 0
    for number in range(1, 100):
        output = tmp_path / str(number)
        shutil.copytree(tmp_path / "old", output)
        with monkeypatch.context() as patch:
            failed = failing(patch, "os.replace", number, then=KeyboardInterrupt())
            for name in ("swap.heal", "swap.shutil.rmtree"):  # a killed process clears nothing
                patch.setattr(f"utils.report.{name}", lambda *_, **__: None)
            if failed_to_end(lambda output=output: write(output, THEN)):
                kills += 1
        if not failed:
            break
        assert (output / UNDO).exists()
        assert (output / NEW).exists()
        assert unchanged(output, {ONE: {"made": 1}}) == set()
        check_output(output, ROOT / "corpus", [])
        assert tree(output) == old
        assert sorted(output.glob(".*")) == []
    assert kills > 10


def failed_to_end(run) -> bool:
    try:
        run()
    except KeyboardInterrupt:
        return True
    return False


def test_what_a_dead_run_left_goes_and_what_a_live_one_has_stays(tmp_path):
    with in_place(tmp_path) as new:
        (new / "a").touch()
        with pytest.raises(Mistake, match="another run is writing there"):
            clear(tmp_path)
        assert (new / "a").exists()
    fill(tmp_path / NEW / "data", {"a": ""})
    (tmp_path / LOCK).touch()
    clear(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_forged_journal_moves_and_deletes_nothing_outside(tmp_path):
    output = fill(tmp_path / "out", {"mine.txt": "mine"})
    fill(tmp_path / "v", {"thesis.txt": "thesis"})
    (output / UNDO).mkdir()
    link(output / UNDO / "kept", tmp_path / "v")
    journal = {"../v/thesis.txt": "0" * 16, "mine.txt": "0" * 16}
    for text in (json.dumps(journal), json.dumps({"mine.txt": "0" * 16}), "[]", "{"):
        (output / UNDO).mkdir(exist_ok=True)
        (output / LOCK).touch()
        fill(output / UNDO, {"journal.json": text})
        clear(output)
        assert tree(tmp_path) == {"out/mine.txt": b"mine", "v/thesis.txt": b"thesis"}


def test_what_stands_where_a_kept_file_was_stays(tmp_path):
    output = fill(tmp_path / "out", {"mine.txt": "mine", LOCK: ""})
    fill(output / UNDO / "kept", {"mine.txt": "another", "gone.txt": "ours"})
    fill(output / UNDO, {"journal.json": json.dumps({"mine.txt": "0" * 16})})
    clear(output)
    assert tree(output) == {"mine.txt": b"mine", "gone.txt": b"ours"}


NAMES_OF_OURS = {
    "the new report": lambda output, tmp: fill(output / NEW, {"thesis.txt": "mine"}),
    "what takes it back": lambda output, tmp: fill(output / UNDO, {"journal.json": "{}"}),
    "a file": lambda output, tmp: fill(output, {UNDO: "mine"}),
    "a file, with a lock": lambda output, tmp: fill(output, {UNDO: "mine", LOCK: ""}),
    "a link, with a lock": lambda output, tmp: (
        fill(output, {LOCK: ""}),
        link(output / NEW, fill(tmp / "v", {"thesis.txt": "mine"})),
    ),
}


@pytest.mark.parametrize("what", NAMES_OF_OURS)
def test_what_only_has_the_name_of_what_a_run_makes_stays(what, write, tmp_path, capsys):
    output = tmp_path / "out"
    write(output, {ONE: [said("It rained.")]})
    NAMES_OF_OURS[what](output, tmp_path)
    before = tree(tmp_path)
    for _ in range(2):
        assert main(["--output", str(output), "--force"]) == 2
        assert "which no run of this program left there; move it" in capsys.readouterr().err
        assert tree(tmp_path) == before


def test_a_swap_that_fails_leaves_no_folder_behind(tmp_path, monkeypatch):
    output = fill(tmp_path / "out", {"a": "old"})
    fill(output / NEW / "data", {"b": "new"})
    failing(monkeypatch, "os.replace", 2)
    fill(output / NEW, {"a": "new"})
    with pytest.raises(OSError, match="No space"):
        swap(output, ["a", "data/b"], [])
    assert tree(tmp_path) == {"out/a": b"old"}
    assert [file.name for file in output.iterdir()] == ["a"]


SPELLINGS = ["{0}", "{0}/", "{0}/../out", "{0}/../link"]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_two_runs_into_one_folder_do_not_mix(spelling, tmp_path, capsys):
    output = tmp_path / "out"
    link(tmp_path / "link", output)
    with in_place(output):
        assert main(["--output", spelling.format(output)]) == 2
        assert [file.name for file in tmp_path.iterdir() if file.name.startswith(".")] == []
    assert "another run is writing there" in capsys.readouterr().err
    assert not output.exists()


def test_a_run_that_fails_leaves_no_folder(write, tmp_path):
    write(tmp_path / "a" / "b", {ONE: Failure("01: no luck")})
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def small_disk(tmp_path):
    """A file system of its own, of 400 kB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", folder]
    if not shutil.which("mount") or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("this machine mounts no file system for a test")
    yield folder
    subprocess.run(["umount", folder], check=True)


@pytest.mark.parametrize("path", ["disk", "link"])
def test_a_mount_point_takes_a_report_and_a_full_one_keeps_the_old(
    path, small_disk, write, tmp_path
):
    link(tmp_path / "link", small_disk)
    output = tmp_path / path
    write(output, {ONE: [said("It rained.")]})
    before = tree(output)
    assert f"{ONE}.html" in before
    with pytest.raises(Mistake, match="No space left on device.*nothing has changed"):
        write(output, {ONE: [said("It rained. " * 30_000)]})
    assert tree(output) == before
    assert list(output.glob(".*")) == []
    write(output, {ONE: [said("It snowed.")]})
    assert "It snowed." in (output / f"{ONE}.html").read_text("utf-8")


# What is put into pages and files


BUNDLES = {
    "no object": ("show", "kind"),
    "an unknown kind": ({"kind": "script", "text": "x"}, "'script'"),
    "no text": ({"kind": "text"}, "text"),
    "a number for a text": ({"kind": "text", "text": 5}, "must be string"),
    "a name that leads out": (table("../../x"), "name '../../x': write letters"),
    "a name that Windows takes for a device": (table("con"), "name 'con': write letters"),
    "a name that is too long": (table("x" * 200), "at most 80"),
    "a row that is too short": (table(rows=[[]]), "a row that does not have 1 value"),
    "rows that are no rows": (table(rows="sea"), "rows must be array"),
    "a picture that is none": (
        table(kind="figure", alt="", svg="", png="<script>"),
        "the figure it shows is not as show() makes it",
    ),
    "an article without a name": (articles(""), "doc_id"),
}


@pytest.mark.parametrize("what", BUNDLES)
def test_what_no_page_can_be_made_from_is_named_with_notebook_and_cell(what, write, tmp_path):
    bundle, line = BUNDLES[what]
    with pytest.raises(Mistake) as caught:
        write(tmp_path / "out", {ONE: [said("It rained."), bundle]})
    assert len(caught.value.problems) == 1
    assert str(caught.value).startswith(f"{ONE}, cell 1: ")
    assert line in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_a_name_is_given_once_in_a_notebook(write, tmp_path):
    with pytest.raises(Mistake, match="'Words' is given twice"):
        write(tmp_path / "out", {ONE: [table("words"), table("Words")]})


ODD = ["../../x", "a/b", "NUL", "con.x", "COM1", "a:b", "a.", ".a", "a\0", "a\n", "x" * 300, "a#b"]


def test_pages_of_articles_have_names_for_every_system(write, tmp_path):
    write(tmp_path / "out", {ONE: [articles("plain.1", *ODD)]})
    names = [file.name for file in (tmp_path / "out" / "articles").iterdir()]
    assert len(names) == len(ODD) + 1
    assert "plain.1.html" in names
    for name in names:
        stem = name.removesuffix(".html")
        assert stem.replace("-", "").replace(".", "").isalnum()
        assert stem[0] + stem[-1] == (stem[0] + stem[-1]).strip(".")
        assert name.split(".")[0].upper() not in ("NUL", "CON", "COM1")
        assert len(name) < 120
    assert set(tree(tmp_path)) == {f"out/{name}" for name in tree(tmp_path / "out")}


FORMULAS = ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", " =1", "\n=1", "\u200b=1", "\uff1d1", "\ufe631"]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_spreadsheet_runs_no_value_and_no_heading(text):
    data = csv_of(table(columns=[{"key": text, "numeric": False}], rows=[[text], ["a = b"]]))
    (heading,), (value,), (plain,) = csv.reader(io.StringIO(data.decode(), newline=""))
    assert heading == value == f"'{text}"
    assert plain == "a = b"


def test_cells_of_a_table_in_markdown_have_no_style_of_their_own():
    html = markdown_to_html("| a | b |\n|--:|:-:|\n| 1 | 2 |\n", {})
    assert "style" not in html
    assert '<td class="to-right">1</td>' in html


def test_what_is_no_formula_is_shown_as_it_is():
    assert "<code>a_b_c</code>" in markdown_to_html("It is $a_b_c$ here.", {})
