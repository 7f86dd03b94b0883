"""A run that is stopped or killed at any moment: nothing is lost, and nothing goes on."""

import errno
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from uuid import uuid4

import nbformat
import psutil
import pytest
from jupyter_client.connect import LocalPortCache

from utils.report import main
from utils.report.forked import kernels_of_run
from utils.report.options import read_options
from utils.report.places import ROOT
from utils.report.run import choose_parameters, run_notebooks
from utils.report.swap import clear
from utils.report.terminal import say, visible

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
STOPPED = "Stopped; all is as it was before.\n"
TEST = "TEST_OF_STOPS"  # in the environment of a run, and so of all that it starts
SLEEP = "import subprocess; subprocess.run(['sleep', '600'])"  # a process of the kernel's own

# A run of the notebooks in one folder, which waits at a stage for the signal to come.
RUN = """
import os, runpy, sys, time
from pathlib import Path
from utils.report import places
places.NOTEBOOKS, here, stage = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
moves = []
def hold(*_):
    here.touch()
    for _ in range(6000):
        time.sleep(0.1)
def move(*names, replace=os.replace):
    moves.append(names)
    return hold() if len(moves) == 3 and stage == "swap" else replace(*names)
def begin():
    if stage == "pages":
        import utils.report.produce as produce
        produce.write_pages = hold
    if stage == "swap":
        import utils.report.produce, utils.report.swap
        os.replace = move
begin()
sys.argv[:4] = ["utils.report"]
runpy.run_module("utils.report", run_name="__main__", alter_sys=True)
"""


def tree(folder: Path) -> dict[str, bytes]:
    files = [file for file in sorted(folder.rglob("*")) if file.is_file()]
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def notebook(folder: Path, name: str, *sources: str) -> Path:
    cells = [nbformat.v4.new_markdown_cell(f"# What is {name}?\n\nPart 1 of the tests.")]
    cells += [nbformat.v4.new_code_cell("TOP = 1", metadata={"tags": ["parameters"]})]
    cells += [nbformat.v4.new_code_cell(source) for source in sources]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    file = folder / f"{name}.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), file)
    return file


def start(notebooks: Path, output: Path, *stage, **options) -> subprocess.Popen:
    """Start a run, which may wait at a stage; its ``mark`` is also in what it starts itself."""
    mark = uuid4().hex
    name, here = stage or ("none", output)
    command = [sys.executable, "-c", RUN, notebooks, here, name, "--output", output, "--force"]
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True} | options
    run = subprocess.Popen(command, cwd=ROOT, env={**os.environ, TEST: mark}, **options)
    run.mark = mark
    return run


def started_by(run: subprocess.Popen) -> list[psutil.Process]:
    everything = psutil.process_iter(["environ"])
    return [each for each in everything if (each.info["environ"] or {}).get(TEST) == run.mark]


def wait_until(what, seconds: float = 60) -> bool:
    deadline = time.time() + seconds
    while not what() and time.time() < deadline:
        time.sleep(0.05)
    return bool(what())


@pytest.fixture(scope="module")
def quick(tmp_path_factory):
    """A folder with one quick notebook, and a report of it."""
    folder = tmp_path_factory.mktemp("quick")
    (folder / "notebooks").mkdir()
    notebook(folder / "notebooks", "01_quick", "print(TOP)")
    run = start(folder / "notebooks", folder / "report")
    assert run.communicate(timeout=120) == (
        f"1 of 1 notebooks ran; read {folder / 'report' / 'index.html'}\n",
        "",
    )
    assert run.returncode == 0
    assert started_by(run) == []
    return folder


STOPS = [
    ("cell", "SIGTERM"),
    ("cell", "SIGKILL"),
    ("pages", "SIGHUP"),
    ("swap", "SIGINT"),
    ("swap", "SIGKILL"),
]


@pytest.mark.parametrize(("stage", "name"), STOPS)
def test_a_run_that_is_stopped_loses_nothing_and_leaves_nothing(quick, tmp_path, stage, name):
    output = tmp_path / "report"
    shutil.copytree(quick / "report", output)
    shutil.copytree(quick / "notebooks", tmp_path / "notebooks")
    before = tree(output)
    here = tmp_path / "here"
    if stage == "cell":
        notebook(tmp_path / "notebooks", "01_quick", f"open({str(here)!r}, 'w').close(); {SLEEP}")
    if stage == "swap":
        notebook(tmp_path / "notebooks", "01_quick", "print(TOP + 1)")  # so that files change
    run = start(tmp_path / "notebooks", output, stage, here)
    assert wait_until(here.exists)
    number = getattr(signal, name)
    run.send_signal(number)
    if stage != "cell":
        run.send_signal(number)  # an impatient user
    _, error = run.communicate(timeout=30)  # also waits until nobody holds stdout open
    assert wait_until(lambda: not started_by(run), seconds=5)
    if number == signal.SIGKILL:
        assert error == ""
        clear(output)  # what the next run does first
    else:
        assert error == STOPPED
        assert run.returncode == 128 + number
    assert tree(output) == before
    assert [file.name for file in output.iterdir() if file.name.startswith(".")] == []


@pytest.mark.parametrize("moment", [tenths / 10 for tenths in range(2, 16, 2)])
def test_a_stop_in_the_first_seconds_says_one_line(moment, tmp_path):
    command = [sys.executable, "-m", "utils.report", "--output", tmp_path / "report", "--force"]
    run = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    wait_until(lambda: caught(run))  # Python's own start is not ours
    time.sleep(moment - 0.2)
    run.send_signal(signal.SIGINT)
    assert run.communicate(timeout=30)[1] == STOPPED
    assert run.returncode == 130
    assert not (tmp_path / "report").exists()


def caught(run: subprocess.Popen) -> bool:
    """Whether a process catches SIGTERM, as far as the system tells."""
    status = Path(f"/proc/{run.pid}/status")
    if not status.exists():
        time.sleep(0.5)
        return True
    (mask,) = (line.split()[1] for line in status.read_text().splitlines() if "SigCgt" in line)
    return bool(int(mask, 16) & 1 << (signal.SIGTERM - 1))


def test_a_signal_that_was_ignored_stays_ignored(quick, tmp_path):
    here = tmp_path / "here"
    ignore = lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)  # noqa: E731  as nohup does
    run = start(quick / "notebooks", tmp_path / "new", "pages", here, preexec_fn=ignore)
    assert wait_until(here.exists)
    run.send_signal(signal.SIGHUP)
    time.sleep(0.2)
    assert run.poll() is None
    run.terminate()
    run.communicate(timeout=30)
    assert run.returncode == 143


NOTEBOOKS = {
    "01_good": ("print(TOP)", None),
    "02_dead": ("import os; os._exit(3)", "02_dead, cell 3: ended its kernel"),
    "03_killed": (
        "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
        "03_killed, cell 3: ended its kernel",
    ),
    "04_endless": ("while True: print('x' * 10**6)", "04_endless, cell 3: showed too much"),
    "05_asks": ("input('who?')", "05_asks, cell 3: StdinNotImplementedError"),
    "06_forges": (
        "raise ValueError(chr(10).join('ab' * 999))",
        "06_forges, cell 3: ValueError: a; ",
    ),
    "07_orphan": (f"import subprocess; subprocess.Popen({['sleep', '600']}, **AWAY)", None),
}


def test_a_notebook_without_an_end_is_named_and_the_others_go_on(tmp_path, monkeypatch):
    monkeypatch.setenv(TEST, "notebooks")
    monkeypatch.setenv("HOME", "/dev/null")  # where nothing can be written
    away = "AWAY = {'start_new_session': True}"
    files = [notebook(tmp_path, name, f"{away}\n{cell}") for name, (cell, _) in NOTEBOOKS.items()]
    with kernels_of_run(3) as kernels:
        failures = run_notebooks(files, {"TOP": 2}, tmp_path / "out", kernels)
    expected = {name: text for name, (_, text) in NOTEBOOKS.items() if text}
    assert failures.keys() == expected.keys()
    for name, beginning in expected.items():
        text = failures[name].text
        assert text.startswith(beginning)
        assert len(text) < 600
        assert "\n" not in text
    assert {file.stem for file in (tmp_path / "out").iterdir()} == NOTEBOOKS.keys() - expected
    everything = psutil.process_iter(["environ"])
    left = [each for each in everything if (each.info["environ"] or {}).get(TEST) == "notebooks"]
    assert left == []


def test_a_kernel_whose_port_another_program_took_is_started_again(tmp_path, monkeypatch):
    find = LocalPortCache.find_available_port
    file = notebook(tmp_path, "01_good", "print(TOP)")
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = [other.getsockname()[1]]
        ports = lambda *given: taken.pop() if taken else find(*given)  # noqa: E731
        monkeypatch.setattr(LocalPortCache, "find_available_port", ports)
        with kernels_of_run() as kernels:
            assert run_notebooks([file], {"TOP": 2}, tmp_path / "out", kernels) == {}
    assert taken == []
    (printed,) = nbformat.read(tmp_path / "out" / "01_good.ipynb", 4).cells[-1].outputs
    assert printed.text == "2\n"


def test_a_full_disk_stops_a_run_with_its_kernels(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    file = notebook(tmp_path, "01_good", "print(TOP)")
    monkeypatch.setattr("nbformat.write", full)
    with pytest.raises(OSError, match="No space left"), kernels_of_run() as kernels:
        run_notebooks([file], {}, tmp_path / "out", kernels)
    assert list((tmp_path / "out").iterdir()) == []


HIDDEN = {
    "an escape sequence": "\x1b[31mred",
    "a forged line": "x\nread evil.html",
    "a line of Unicode": "x\u2028read evil.html",
    "another direction": "x\u202etxt.exe",
    "no UTF-8": os.fsdecode(b"caf\xe9"),
    "nothing that is seen": "\u200b\ufeff\x00",
}


@pytest.mark.parametrize("what", HIDDEN)
def test_what_is_printed_hides_nothing(what, capsys):
    say(HIDDEN[what], "宁波 é")
    first, second, *others = capsys.readouterr().out.split("\n")
    assert first.isascii()
    assert first.isprintable()
    assert second == visible("宁波 é") == "宁波 é"
    assert others == [""]


READERS = {
    "none": "--help >&-",
    "one that has gone": "--help > >(exit)",
    "a full disk": "--help > /dev/full",
    "none for errors": "--jobs 0 2> >(exit)",
    "a full disk for errors": "--jobs 0 2> /dev/full",
}


@pytest.mark.parametrize("reader", READERS)
def test_nobody_need_read_what_is_printed(reader):
    line = f"{sys.executable} -m utils.report {READERS[reader]}"
    done = subprocess.run(["bash", "-c", line], cwd=ROOT, capture_output=True)
    assert done.returncode == (2 if "--jobs" in line else 0)
    assert (done.stdout, done.stderr) == (b"", b"")


WRONG = {
    "no job": (["--jobs", "0"], "--jobs: 0: give a whole number of 1 or more"),
    "half a job": (["--jobs", "1.5"], "--jobs: 1.5: give a whole number"),
    "fewer than no jobs": (["--jobs=-2"], "--jobs: -2: give a whole number"),
    "no name": (["--output", ""], "--output: a path is empty"),
    "no corpus": (["--corpus="], "a path is empty"),
    "two corpora": (["one", "--corpus", "two"], "CORPUS is both"),
    "two more": (["--corpus", "one", "--parameter", "CORPUS", "two"], "CORPUS is both"),
    "a parameter twice": (["--parameter", "TOP", "1", "--parameter", "TOP", "2"], "TOP is both 1"),
    "an option that is none": (["--\x1b[2Kbogus"], r"unrecognized arguments: --\x1b[2Kbogus"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_option_gives_a_plain_line(what, capsys):
    arguments, line = WRONG[what]
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert line in said
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [["x"], ["--corpus", "x"], ["--parameter", "CORPUS", "x"], ["x", "--corpus", "./x"]],
)
def test_a_corpus_is_named_in_three_ways(arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    options = read_options(arguments)
    assert options.corpus == tmp_path / "x"
    assert options.given == {"CORPUS": str(tmp_path / "x")}


def test_options_may_be_given_twice_or_be_large():
    given = ["--notebooks", "01", "--notebooks", "02", "--jobs", "9" * 5000]
    assert read_options(given).notebooks == ["01", "02"]
    assert read_options(given).jobs > 1000


def test_bad_articles_are_left_out_where_a_notebook_can_do_so(tmp_path):
    file = notebook(tmp_path, "01_good", "print(TOP)")
    given = read_options(["--skip-bad"]).given
    assert choose_parameters([file], given) == {"SKIP_BAD": True}
    with kernels_of_run() as kernels:
        assert run_notebooks([file], {"SKIP_BAD": True}, tmp_path / "out", kernels) == {}
