"""The path that users take, ``python -m utils.report``: on our articles, and on another corpus."""

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from platform import libc_ver

import nbformat
import pandas as pd
import pytest

from utils.corpus import CORPUS, Mistake
from utils.corpus.index import LARGE
from utils.page import check_parameters
from utils.page.wording import words_of_all
from utils.report import main
from utils.report.command import jobs_for
from utils.report.exports import FORMATS
from utils.report.forked import environment_of, kernels_of_run
from utils.report.needs import able
from utils.report.pages import write_pages
from utils.report.places import NOTEBOOKS, ROOT
from utils.report.run import (
    choose_notebooks,
    choose_parameters,
    known_parameters,
    run_notebooks,
)

STEMS = [file.stem for file in able(sorted(NOTEBOOKS.glob("*.ipynb")), CORPUS)]


def tree(folder: Path) -> dict[str, bytes]:
    files = [file for file in sorted(folder.rglob("*")) if file.is_file()]
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


class Page(HTMLParser):
    """Ids, links, images and names of attributes of a page; a script that is data is no script."""

    def __init__(self, html: str):
        super().__init__()
        self.ids = []
        self.links = []
        self.images = []
        self.tags = []
        self.attributes = set()
        self.policies = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        if not (tag == "script" and named.get("type", "").startswith("application/")):
            self.tags.append(tag)
        self.attributes |= set(named)
        self.ids += [named["id"]] if "id" in named else []
        self.links += [named["href"]] if "href" in named else []
        self.policies += [named["content"]] if "http-equiv" in named else []
        self.images += [named] if tag == "img" else []


def pages_of(folder: Path) -> dict[str, Page]:
    return {
        name: Page(data.decode()) for name, data in tree(folder).items() if name.endswith(".html")
    }


def test_every_notebook_has_a_page_and_the_index_leads_to_all(report):
    pages = pages_of(report)
    assert {"index.html", *(f"{stem}.html" for stem in STEMS)} <= set(pages)
    assert {f"{stem}.html" for stem in STEMS} <= set(pages["index.html"].links)
    index = (report / "index.html").read_text("utf-8")
    assert index.count("It has 5 articles") == 1
    assert "<strong>2,449 tokens</strong>" in index


@pytest.mark.parametrize("which", ["report", "other_report"])
def test_every_link_and_anchor_leads_somewhere(which, request):
    folder = request.getfixturevalue(which)
    pages = pages_of(folder)
    assert sum(len(page.links) for page in pages.values()) > 30
    for name, page in pages.items():
        assert len(page.ids) == len(set(page.ids)), name
        for link in page.links:
            path, _, anchor = link.partition("#")
            target = (folder / name).parent / path if path else folder / name
            assert target.resolve().is_file(), f"{name}: {link}"
            if anchor and not anchor.startswith("q="):  # a query of the page that searches
                where = target.resolve().relative_to(folder.resolve()).as_posix()
                table, _, row = anchor.rpartition("-")  # a row that is shown when it is asked for
                wanted = table if row.isdigit() and table in pages[where].ids else anchor
                assert wanted in pages[where].ids, f"{name}: {link}"


def test_pages_are_small_and_ask_for_nothing_outside(report):
    for name, data in tree(report).items():
        if name.endswith(".html"):
            assert len(data) < 500_000, name
            assert b"default-src 'none'" in data
            assert b'src="http' not in data


def test_images_have_alt_text_that_says_more_than_a_placeholder(report):
    pages = [data.decode() for name, data in tree(report).items() if name.endswith(".html")]
    texts = [text for page in pages for text in re.findall(r"<desc[^>]*>(.*?)</desc>", page)]
    assert len(texts) >= 6
    for text in texts:
        kind, finding, *data = text.split(". ", 2)
        assert min(len(kind), len(finding)) >= 8
        assert re.search(r"\d", "".join(data)), text


def test_text_of_a_corpus_is_read_and_never_run(other_report):
    for name, page in pages_of(other_report).items():
        assert page.tags.count("script") == 1, name  # ours, which sorts and filters
        assert page.images == [], name  # figures are drawn in the page
    article = (other_report / "articles" / "storm.0.html").read_text("utf-8")
    assert "&lt;script&gt;" in article


@pytest.mark.parametrize("which", ["report", "other_report"])
def test_a_page_has_one_style_and_one_script_and_its_policy_lets_no_other_work(which, request):
    for name, page in pages_of(request.getfixturevalue(which)).items():
        assert page.tags.count("style") == page.tags.count("script") == 1, name
        assert not [word for word in page.attributes if word == "style" or word.startswith("on")]
        (policy,) = page.policies
        assert "unsafe" not in policy
        assert policy.count("'sha256-") == 2


def test_cells_that_a_spreadsheet_would_run_are_made_harmless(other_report):
    for name, data in tree(other_report).items():
        if name.endswith(".csv"):
            for row in csv.reader(io.StringIO(data.decode())):
                assert not any(cell.startswith(("=", "@", "+")) for cell in row), name


def test_a_second_run_gives_the_same_bytes_with_one_job_or_two(report, tmp_path):
    assert main(["--output", str(tmp_path / "again"), "--jobs", "1"]) == 0
    first, second = tree(report), tree(tmp_path / "again")
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


def test_the_csv_has_all_rows_of_a_table_that_the_page_cuts(report):
    rows = (
        (report / "data" / "01_corpus_overview" / "frequencies.csv").read_text("utf-8").splitlines()
    )
    assert len(rows) == 1 + 705
    page = (report / "01_corpus_overview.html").read_text("utf-8")
    assert "Rows 1 to 15 of 705; the CSV has all" in page


def test_an_unchanged_notebook_is_not_run_again(report, tmp_path, capsys, monkeypatch):
    output = tmp_path / "reports"
    shutil.copytree(report, output)
    before = tree(output)
    monkeypatch.setattr(
        "utils.report.produce.run_notebooks", lambda *_: pytest.fail("a notebook ran")
    )
    assert main(["--output", str(output)]) == 0
    assert "Nothing has changed" in capsys.readouterr().out
    assert main(["--output", str(output), "--notebooks", "01", "bogus"]) == 2
    assert tree(output) == before


@pytest.mark.parametrize("change", ["a parameter", "a page that is gone", "--force"])
def test_a_change_runs_notebooks_again(report, tmp_path, monkeypatch, change):
    output = tmp_path / "reports"
    ran = []
    shutil.copytree(report, output)
    if change == "a page that is gone":
        (output / "02_keywords.html").unlink()
    options = {"a parameter": ["--parameter", "TOP", "9"], "--force": ["--force"]}
    monkeypatch.setattr(
        "utils.report.produce.run_notebooks", lambda notebooks, *_: ran.extend(notebooks) or {}
    )
    main(["--output", str(output), *options.get(change, [])])
    assert [file.stem for file in ran] == STEMS


def test_pages_of_articles_that_left_the_corpus_go(make_corpus, tmp_path):
    output = tmp_path / "reports"
    text = "Title\n\nThe sea is near the old bridge.\n"
    for name, ids in (("one", ["a", "b"]), ("two", ["b", "c"])):
        folder = make_corpus(dict.fromkeys(ids, text), name=name)
        assert main(["--corpus", str(folder), "--output", str(output), "--notebooks", "01"]) == 0
    assert [file.stem for file in sorted((output / "articles").glob("*"))] == ["b", "c"]
    manifest = json.loads((output / "manifest.json").read_text("utf-8"))
    assert not any("articles/a" in name for name in manifest["files"])


def test_a_report_in_one_language_speaks_of_no_other(report):
    index = (report / "index.html").read_text("utf-8")
    assert "<strong>2,449 tokens</strong> (running words) of 705 types" in index
    for page in report.glob("*.html"):
        html = page.read_text("utf-8")
        assert not re.search(r"\?\s\(English\)|pages of its own|The same in", html), page.name


def test_the_manifest_names_inputs_and_files_and_no_time(report):
    manifest = json.loads((report / "manifest.json").read_text("utf-8"))
    assert list(manifest["notebooks"]) == STEMS
    assert set(manifest["notebooks"][STEMS[0]]) == {
        "notebook",
        "corpus",
        "code",
        "parameters",
        "packages",
        "python",
        "fonts",
    }
    assert set(manifest["files"]) | {"manifest.json"} == set(tree(report))


MISTAKES = {
    "a corpus that is not there": (["--corpus", "nowhere"], "no such folder"),
    "an unknown notebook": (
        ["--notebooks", "01_corpus_overvew"],
        "did you mean 01_corpus_overview?",
    ),
    "an unknown parameter": (["--parameter", "TOPP", "3"], "did you mean TOP?"),
    "a number below 1": (
        ["--parameter", "TOP", "0"],
        "--parameter TOP 0: give a whole number of 1 or more",
    ),
    "an unknown group": (
        ["--parameter", "TARGET", "role=center"],
        "no article has 'center'; of role, did you mean centre",
    ),
    "a report inside the corpus": (
        ["--output", str(CORPUS / "texts" / "out")],
        "is inside the corpus",
    ),
    "a word for a number": (["--parameter", "TOP", "many"], "TOP many: give a whole number of 1"),
    "a part of a number": (["--parameter", "TOP", "3.5"], "TOP 3.5: give a whole number of 1"),
    "a seed that is none": (["--parameter", "SEED", "x"], "SEED x: give a whole number of 0"),
    "a window below 1": (["--parameter", "WINDOW", "-1"], "WINDOW -1: give a whole number of 1"),
    "one topic": (["--parameter", "K", "1"], "K 1: give a whole number of 2 or more"),
    "a word for the truth": (["--parameter", "LEMMAS", "yes"], "LEMMAS yes: give True or False"),
}


@pytest.mark.parametrize("what", MISTAKES)
def test_a_mistake_gives_a_plain_line_and_exit_code_2(what, capsys, tmp_path):
    arguments, line = MISTAKES[what]
    assert main(["--output", str(tmp_path / "out"), *arguments]) == 2
    error = capsys.readouterr().err
    assert line in error
    assert len(error.strip().splitlines()) <= 2
    assert "Traceback" not in error
    assert not (tmp_path / "out").exists()


def notebook(folder: Path, name: str, *sources: str) -> Path:
    cells = [nbformat.v4.new_code_cell("TOP = 1  # rows", metadata={"tags": ["parameters"]})]
    cells += [nbformat.v4.new_code_cell(source) for source in sources]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    file = folder / f"{name}.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), file)
    return file


@pytest.mark.skipif(sys.platform != "linux", reason="nowhere else is forking safe")
@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_kernels_are_forked_where_that_is_safe(platform, tmp_path, monkeypatch):
    seen = "'wordfreq' in sys.modules, os.getcwd(), os.environ['CORPUS_NOTE']"
    source = f"import os, sys; print({seen})"
    file = notebook(tmp_path, "01_asks", source)
    monkeypatch.setattr("utils.report.forked.sys.platform", platform)
    with kernels_of_run() as kernels:
        monkeypatch.setenv("CORPUS_NOTE", "set later")
        assert run_notebooks([file], {}, tmp_path / "out", kernels) == {}
    executed = nbformat.read(tmp_path / "out" / "01_asks.ipynb", as_version=4)
    said = executed.cells[-1].outputs[0].text
    assert said == f"{platform == 'linux'} {tmp_path} set later\n"


def test_a_failing_notebook_is_named_with_cell_and_cause_and_the_others_go_on(tmp_path):
    good = notebook(tmp_path, "01_good", "print(TOP)")
    bad = notebook(tmp_path, "02_bad", "1 + 1", "1 / 0", "print('never')")
    silent = notebook(tmp_path, "03_silent", "import sys; sys.exit(0)", "print('never')")
    dead = notebook(tmp_path, "04_dead", "import os; os._exit(3)")
    with kernels_of_run() as kernels:
        failures = run_notebooks([good, bad, silent, dead], {"TOP": 2}, tmp_path / "out", kernels)
    beginnings = {
        "02_bad": "02_bad, cell 3: ZeroDivisionError: division by zero",
        "03_silent": "03_silent, cell 2: the kernel stopped here",
        "04_dead": "04_dead, cell 2: ended its kernel",
    }
    assert failures.keys() == beginnings.keys()
    for name, beginning in beginnings.items():
        assert failures[name].text.startswith(beginning)
        assert failures[name].exit_code == 1
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["01_good.ipynb"]
    assert '"2\\n"' in (tmp_path / "out" / "01_good.ipynb").read_text()


def test_a_failed_run_leaves_the_earlier_report_as_it_was(report, tmp_path, monkeypatch):
    output = tmp_path / "reports"
    shutil.copytree(report, output)
    before = tree(output)
    broken = [notebook(tmp_path, "01_corpus_overview", "raise ValueError('no luck')")]
    monkeypatch.setattr("utils.report.produce.choose_notebooks", lambda names: broken)
    assert main(["--output", str(output), "--force"]) == 1
    assert tree(output) == before
    assert not list(tmp_path.glob(".reports-*"))


def test_the_index_says_what_did_not_run_and_repeats_none_of_its_findings(
    report, tmp_path, monkeypatch
):
    output = tmp_path / "reports"
    shutil.copytree(report, output)
    failing = notebook(tmp_path, "01_corpus_overview", "raise ValueError('no luck')")
    mixed = [failing, NOTEBOOKS / "02_keywords.ipynb"]
    monkeypatch.setattr("utils.report.produce.choose_notebooks", lambda names: mixed)
    assert main(["--output", str(output), "--parameter", "TOP", "5"]) == 1
    index = (output / "index.html").read_text("utf-8")
    assert "</strong> 01_corpus_overview, cell 2: ValueError: no luck." in index
    assert "Its page comes from an earlier run." in index
    assert "ran with TOP = 5." in index
    manifest = json.loads((output / "manifest.json").read_text("utf-8"))
    assert set(manifest["files"]) | {"manifest.json"} == set(tree(output))
    assert {name.split("/")[1] for name in manifest["files"] if name.count("/") > 1} == set(STEMS)
    entries = re.findall(r'<li><a href="(0\d_\w+)\.html">.*?</a>(.*?)</li>', index)
    assert {stem for stem, findings in entries if findings} == {*STEMS} - {"01_corpus_overview"}


def test_parameters_are_read_as_what_they_are():
    given = {"TOP": "5", "VARIANTS": "True", "K": "4", "TARGET": "2018", "MEASURES": "3"}
    values = {"TOP": 5, "VARIANTS": True, "K": 4, "TARGET": "2018", "MEASURES": "3"}
    assert choose_parameters(choose_notebooks([]), given) == values


def test_parameters_of_a_notebook_of_ones_own_are_like_their_defaults(tmp_path):
    own = notebook(tmp_path, "05_own", "print(TOP)")
    cells = nbformat.read(own, 4)
    cells.cells[0].source += "\nSHARE = 0.5\nWORDS = ['a']"
    nbformat.write(cells, own)
    assert choose_parameters([own], {"SHARE": "0.1", "WORDS": "['b']"}) == {
        "SHARE": 0.1,
        "WORDS": ["b"],
    }
    with pytest.raises(Mistake, match="SHARE few: give a value like 0.5"):
        choose_parameters([own], {"SHARE": "few"})


@pytest.mark.parametrize("value", [0, 2.5, "15", True, -1])
def test_a_notebook_in_jupyterlab_says_the_same(value):
    with pytest.raises(Mistake, match=f"TOP {value}: give a whole number of 1 or more"):
        check_parameters({"TOP": value, "CORPUS": None, "other": print})


def test_every_parameter_of_a_notebook_is_described():
    described = set(pd.read_csv(ROOT / "utils/page/parameters.csv").name)
    parameters = {}
    for file in choose_notebooks([]):
        parameters |= known_parameters(file)
    assert set(parameters) == described
    check_parameters(parameters)


LONG_IDS = {"港" * 60: "T1\n\nRain fell. It fell.", "宁波": "T2\n\nThe sun. It shone."}


def test_pages_of_articles_have_names_that_every_file_system_takes(make_corpus, tmp_path):
    folder = make_corpus(dict(zip("ab", LONG_IDS.values(), strict=True)))
    rows = [f"{name},{file}.txt" for name, file in zip(LONG_IDS, "ab", strict=True)]
    (folder / "metadata.csv").write_text("doc_id,file\n" + "\n".join(rows) + "\n", "utf-8")
    output = tmp_path / "reports"
    assert main(["--corpus", str(folder), "--output", str(output), "--notebooks", "01"]) == 0
    pages = list((output / "articles").iterdir())
    assert len(pages) == 2
    assert max(len(file.name.encode()) for file in pages) < 100
    links = Page((output / "01_corpus_overview.html").read_text("utf-8")).links
    paths = {link.partition("#")[0] for link in links if link.startswith("articles/")}
    assert paths == {f"articles/{file.name}" for file in pages}


def test_of_one_article_nothing_is_said_of_spread_over_articles(make_corpus, tmp_path):
    text = "Rain on the quay\n\nRain fell on ships. Ships came to port. Rain fell on the port.\n"
    folder = make_corpus({"a": text})
    output = tmp_path / "reports"
    assert main(["--corpus", str(folder), "--output", str(output), "--notebooks", "01"]) == 0
    data = output / "data" / "01_corpus_overview"
    assert not (data / "dispersion.csv").exists()
    heads = [
        (data / f"{name}.csv").read_text("utf-8").partition("\n")[0]
        for name in ("frequencies", "rank_frequency", "content_words")
    ]
    counts = "term,frequency,per_10k"
    assert heads == [counts, counts, f"{counts},frequency_without_retold"]
    page = (output / "01_corpus_overview.html").read_text("utf-8")
    assert "Every term, most frequent first." in page


def test_a_column_that_may_be_misspelt_is_said_and_shown(make_corpus, tmp_path, capsys):
    folder = make_corpus(
        {"a": "T1\n\nRain fell. It fell.", "b": "T2\n\nThe sun. It shone."},
        {"a": {"publisher": "Daily One", "where": "1 2 x"}, "b": {"sentence": "5 years"}},
    )
    output = tmp_path / "reports"
    assert main(["--corpus", str(folder), "--output", str(output), "--notebooks", "01"]) == 0
    assert "'publisher' is kept as a further one" in capsys.readouterr().err
    page = (output / "01_corpus_overview.html").read_text("utf-8")
    assert "&#39;publisher&#39; is kept as a further one" in page
    for value in ("Daily One", "1 2 x", "5 years"):
        assert f">{value}</td>" in page


def test_the_plain_papermill_command_runs_a_notebook_from_any_folder(tmp_path):
    target = tmp_path / "out.ipynb"
    source = NOTEBOOKS / f"{STEMS[0]}.ipynb"
    command = [sys.executable, "-m", "papermill", source, target, "-p", "TOP", "3"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    cells = nbformat.read(target, as_version=4).cells
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    assert outputs
    assert not any(output["output_type"] in ("stream", "error") for output in outputs)


def test_the_readme_says_what_its_figure_shows(report):
    table = (report / "data" / "04_innovation_centres" / "stages.csv").read_text("utf-8")
    counts = {}
    for row in csv.DictReader(io.StringIO(table)):
        counts[row["stage"]] = counts.get(row["stage"], 0) + int(row["statements"])
    word = words_of_all(*counts.values(), sum(counts.values()))
    written = {stage: word[n] for stage, n in counts.items()}
    readme = (ROOT / "README.md").read_text("utf-8")
    assert f"Of {sum(counts.values())} statements {written['done']} are done" in readme
    assert f"{written['planned']} planned and {written['hoped for']} hoped for" in readme
    assert f"{written['under way']} is under way" in readme


@pytest.mark.parametrize("figure", sorted((ROOT / "docs").glob("*.svg")), ids=lambda f: f.name)
def test_figures_of_the_readme_are_those_of_the_report(report, figure):
    made = list(report.glob(f"data/*/{figure.name}"))
    assert len(made) == 1
    assert figure.read_bytes() == made[0].read_bytes(), "make docs"
    assert f"docs/{figure.name}" in (ROOT / "README.md").read_text("utf-8")


def read_lines(file: Path) -> list[list[str]]:
    return list(csv.reader(file.open(encoding="utf-8", newline="")))


def test_pages_link_to_every_format_of_every_export(report, other_report):
    for folder in (report, other_report):
        pages = pages_of(folder)
        for stem in [stem for stem in STEMS if f"{stem}.html" in pages]:
            links = set(pages[f"{stem}.html"].links)
            files = {name for name in tree(folder) if name.startswith(f"data/{stem}/")}
            empty = {name for name in files - links if len(read_lines(folder / name)) == 1}
            assert files - empty <= links  # a table without rows is not on its page
            assert {Path(name).suffix[1:] for name in files} <= set().union(*FORMATS.values())


def test_a_new_format_is_written_and_linked(report, tmp_path, monkeypatch):
    monkeypatch.setitem(FORMATS["table"], "txt", lambda bundle: bundle["caption"].encode())
    shutil.copytree(report / "notebooks", tmp_path / "new" / "notebooks")
    files = write_pages(tmp_path / "new", {})
    name = f"data/{STEMS[0]}/run.txt"
    assert name in files
    assert (tmp_path / "new" / name).read_text("utf-8").startswith("Parameters")
    assert name in pages_of(tmp_path / "new")[f"{STEMS[0]}.html"].links


def test_articles_are_listed_by_their_names(report, articles):
    index = unescape((report / "index.html").read_text("utf-8"))
    for doc_id, name in articles.short_title.items():
        assert f'<a href="articles/{doc_id}.html">{name}</a>' in index


def test_as_many_notebooks_run_at_a_time_as_there_is_memory_for(tmp_path, monkeypatch):
    file = tmp_path / "a.txt"
    file.write_text("rain")
    for cores, jobs in ((1, 2), (2, 3), (64, 4)):
        monkeypatch.setattr("os.cpu_count", lambda cores=cores: cores)
        assert jobs_for([("a.txt", str(file)), ("link", "")], 10**10) == jobs
    assert jobs_for([("a.txt", str(file))], 10**9) == 3
    assert jobs_for([("a.txt", str(file))], 10**8) == 1
    with file.open("r+b") as large:
        large.truncate(LARGE)
    assert jobs_for([("a.txt", str(file))], 10**10) == 2
    with file.open("r+b") as large:
        large.truncate(10**8)
    assert jobs_for([("a.txt", str(file))], 4 * 10**9) == 1


@pytest.mark.skipif(libc_ver()[0] != "glibc", reason="only glibc can be told to give memory back")
def test_a_kernel_gives_back_after_a_cell_what_the_cell_no_longer_needs(tmp_path):
    keep = "blocks = [b'x' * 100_000 for _ in range(1000)]\nlast = blocks.pop()\ndel blocks"
    rss = "psutil.Process().memory_info().rss"
    kept = f"kept = {rss} - before\nassert kept < 30_000_000, kept"
    cells = ["import psutil", f"before = {rss}", keep, kept]
    code = [nbformat.v4.new_code_cell(source) for source in cells]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    file = tmp_path / "01_rain.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=code, metadata=kernel), file)
    with kernels_of_run() as kernels:
        assert run_notebooks([file], {}, tmp_path / "out", kernels) == {}


def test_what_the_user_chose_for_arrow_holds_in_the_kernels(tmp_path, monkeypatch):
    monkeypatch.delenv("ARROW_DEFAULT_MEMORY_POOL", raising=False)
    assert environment_of(tmp_path)["ARROW_DEFAULT_MEMORY_POOL"] == "system"
    monkeypatch.setenv("ARROW_DEFAULT_MEMORY_POOL", "mimalloc")
    assert environment_of(tmp_path)["ARROW_DEFAULT_MEMORY_POOL"] == "mimalloc"
