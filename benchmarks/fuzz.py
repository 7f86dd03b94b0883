"""Hostile corpora, made up from a seed, go through every room.

``python benchmarks/fuzz.py --minutes 60``

A corpus of a few odd texts with side tables, groups and queries is read, checked, tokenised and
given to a notebook, whose cells run here in process. Each outcome must be a result or a
``Mistake``. Anything else is printed with the seed that makes it again (``--seed 17`` alone): an
exception, an offset that does not lead back to its token, a step that takes over 20 seconds of
computing. The last line counts, after Ctrl-C and SIGTERM too.
"""

import argparse
import csv
import io
import signal
import sys
import traceback
from collections import Counter
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import monotonic, process_time
from types import FrameType

import matplotlib
import nbformat
from matplotlib import pyplot

from utils.corpus import Mistake, read_corpus, sentence_table, tokenize
from utils.corpus.tables import TABLES
from utils.corpus.words import plain_form
from utils.facts.tables import check_side_tables
from utils.search.lines import concordance

LONGEST = 20  # seconds of computing for one step
NOTEBOOKS = [
    (file.stem, nbformat.read(file, as_version=4).cells)
    for file in sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
]
WORDS = (
    "the of and a in to is was city university talent innovation centre research Ningbo "
    "Nottingham will plans hopes said signed agreed cooperation which while however UK U.K. Mr. "
    "No. Inc. Li’s isn't R&D high-tech ﬁrm ＵＫ Straße İstanbul مرحبا بالعالم שלום हिन्दी 😀 "
    "中文 文章。 大学 创新中心"
).split()
USUAL = WORDS[:25]
NUMBERS = (
    "5 1,000.5 $5m £1.06 2.8% 3/4 ½ ² Ⅷ ３００ ٣٤ 1/0 million billion three hundred dozen 99999999 "
    "yuan people firms 2019 2018-10-05 17 31 2018–19 10:30 2.0 5th 0000 1e999 -5 −3 5-10 May June"
).split()
ODD = [
    *'\u200b\u00ad\u202e\u2066\ufeff\x1c\x1f\x85\u2028\x0b\x07\u0301$&|"/',
    "\x1b[31m",
    "=1+1",
    "<b>",
]
ENDS = ". . . . ! ? … ... 。 ； : , ” ’ )".split()
BETWEEN = ["\n\n", "\n\n", "\n\n", "\n", "\r\n", "\r", "\u2029", "\n \n", "\x0c"]
QUERIES = (
    'innovat* "the city" talent|research /in.*/ case:UK case: * ? | " / a||b "" /(a|aa)+b/ /(?R)/ '
    "/(\\w+)+!/ 's . \\ 大学 /\\p{L}+/ the of /^/ case:\"The /a{9999}{9999}/ t*n* \u200b"
).split(" ")
PATTERNS = [".*", "(a|aa)+$", "The.*", "[", "", "(?R)", r"\w+", "(.*)*x", "News|Home", "(?i)a"]


def main() -> int:
    options = read_options()
    matplotlib.use("agg")
    signal.signal(signal.SIGVTALRM, stop)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    end = monotonic() + options.minutes * 60
    counts: Counter = Counter()
    seed = options.seed
    try:
        while not counts or monotonic() < end:
            counts.update(["inputs", *try_seed(seed)])
            seed += 1
    except KeyboardInterrupt:
        print("Stopped.")
    seconds = round(process_time())
    print(f"from seed {options.seed}, {seconds} seconds of computing:", dict(counts), flush=True)
    return 1 if counts["faults"] else 0


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=0, help="how long (default: one corpus)")
    parser.add_argument("--seed", type=int, default=0, help="the first seed (default: 0)")
    return parser.parse_args()


def try_seed(seed: int) -> list[str]:
    """What happened: ``results``, ``mistakes`` or ``faults``; a fault is printed."""
    random = Random(seed)
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_corpus(folder, random)
        signal.setitimer(signal.ITIMER_VIRTUAL, 3 * LONGEST)
        try:
            with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
                use(folder, random)
        except Mistake:
            return ["mistakes"]
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-6:]
            print(f"seed {seed}: {type(error).__name__}: {str(error)[:300]!r}", flush=True)
            print(*(f"    {step.filename}:{step.lineno} {step.name}" for step in place), sep="\n")
            return ["faults"]
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            pyplot.close("all")
    return ["results"]


def stop(*_: int | FrameType | None) -> None:
    raise TimeoutError(f"does not end in {3 * LONGEST} seconds of computing")


def use(folder: Path, random: Random) -> None:
    """Read, check, tokenise and search a corpus, then run one notebook on it."""
    articles = timed("read_corpus", read_corpus, folder)
    timed("check_side_tables", check_side_tables, articles)
    tokens = timed("tokenize", tokenize, articles)
    check_offsets(articles, tokens)
    for query in random.sample(QUERIES, 3):
        try:
            lines = timed(query, concordance, articles, tokens, query)
        except Mistake:
            continue
        for line in lines.itertuples():
            if articles.raw[line.doc_id][line.start : line.end] != line.node:
                raise ValueError(f"{query}: {line.line_id} does not lead back to its text")
    run_notebook(*random.choice(NOTEBOOKS), folder, random)


def timed(name: str, call, *arguments):
    began = process_time()
    result = call(*arguments)
    if process_time() - began > LONGEST:
        raise TimeoutError(f"{name} took {process_time() - began:.0f} seconds of computing")
    return result


def check_offsets(articles, tokens) -> None:
    """Every token must be in its text, and in its sentence."""
    sentences = sentence_table(articles).set_index(["doc_id", "sentence"])
    for token in tokens.itertuples():
        printed = articles.raw[token.doc_id][token.start : token.end]
        around = sentences.loc[(token.doc_id, token.sentence)]
        inside = around.start <= token.start < token.end <= around.end
        if plain_form(printed).lower() != token.term or not inside:
            raise ValueError(f"{token.doc_id}:{token.start} does not lead back to {token.term!r}")


def run_notebook(name: str, cells: list, folder: Path, random: Random) -> None:
    chosen = {"CORPUS": str(folder), "TOP": random.choice([1, 3, 15]), "SEED": random.randrange(9)}
    if random.random() < 0.5:
        chosen |= {"TARGET": "role=a", "REFERENCE": random.choice(["role=b", "role=b|a", None])}
    names: dict = {}
    for number, cell in enumerate(cells, 1):
        if cell.cell_type == "code":
            where = f"{name}, cell {number}"
            timed(where, exec, compile(cell.source, where, "exec"), names)
        if "parameters" in cell.metadata.get("tags", []):
            names |= {name: value for name, value in chosen.items() if name in names}


def write_corpus(folder: Path, random: Random) -> None:
    (folder / "texts").mkdir()
    texts = {f"d{number}": make_text(random) for number in range(random.randint(1, 6))}
    for doc_id, text in texts.items():
        (folder / "texts" / f"{doc_id}.txt").write_bytes(text.encode())
    languages = ["en"] * 9 + ["zh", "de", "xx", ""]
    rows = [
        {"doc_id": doc_id, "file": f"{doc_id}.txt", "language": random.choice(languages)}
        | {"role": random.choice("aab"), "published": random.choice(["", "2018", "2018-10-05"])}
        | {name: make_cell(random) for name in ("city", "centre", "outlet", make_cell(random))}
        for doc_id in texts
    ]
    write_table(folder / "metadata.csv", list(dict.fromkeys(sum(map(list, rows), []))), rows)
    if random.random() < 0.5:
        for name in random.sample([name for name in TABLES if name != "metadata"], 3):
            write_side_table(folder, TABLES[name], texts, random)


def write_side_table(folder: Path, table, texts: dict[str, str], random: Random) -> None:
    file = folder / table.file
    rows = [make_row(table, texts, random) for _ in range(random.randint(0, 4))]
    write_table(file, table.names(), rows)
    if random.random() < 0.05:
        data = bytearray(file.read_bytes() or b"x")
        data.insert(random.randrange(len(data)), random.choice(b'",\n\r\x00\xff;'))
        file.write_bytes(data)


def write_table(file: Path, names: list[str], rows: list[dict]) -> None:
    with file.open("w", encoding="utf-8", newline="") as opened:
        if file.suffix == ".txt":
            opened.writelines(f"{value}\n" for row in rows for value in row.values())
        else:
            writer = csv.DictWriter(opened, names, restval="", quoting=csv.QUOTE_ALL)
            writer.writeheader()
            writer.writerows(rows)


def make_text(random: Random) -> str:
    paragraphs = [make_paragraph(random) for _ in range(random.choice([1, 2, 4, 8, 20]))]
    if random.random() < 0.5:
        paragraphs.insert(0, " ".join(random.choices(USUAL, k=6)).capitalize())
    if random.random() < 0.05:
        paragraphs.append(random.choice([*WORDS, *ODD, *ENDS]) * random.choice([500, 20_000]))
    return "".join(paragraph + random.choice(BETWEEN) for paragraph in paragraphs)


def make_paragraph(random: Random) -> str:
    usual = random.random() < 0.7
    parts = []
    for _ in range(random.randint(1, 6)):
        words = random.choices(USUAL if usual else WORDS, k=random.randint(1, 15))
        words += random.choices(NUMBERS, k=random.randint(0, 3))
        words += [] if usual else random.choices([*ODD, *ENDS], k=3)
        random.shuffle(words)
        parts.append(" ".join(words).capitalize() + random.choice(ENDS))
    return random.choice([" ", " ", ""]).join(parts)


def make_cell(random: Random) -> str:
    return " ".join(random.choices([*WORDS, *NUMBERS, *ODD, "x", "y"], k=random.randint(0, 3)))


def make_row(table, texts: dict[str, str], random: Random) -> dict[str, str]:
    """A row that is mostly as its description wants it, with words of one article as quotation."""
    doc_id = random.choice(list(texts))
    words = texts[doc_id].split(" ")
    begin = random.randrange(len(words))
    odd = random.random() < 0.2
    quote = " ".join(words[begin : begin + random.randint(1, 5)])
    made = {
        "quotation": quote,
        "query": random.choice(QUERIES if odd else USUAL),
        "pattern": random.choice(PATTERNS if odd else USUAL),
        "value": random.choice([quote, "not stated"]),
        "name": quote,
        "date": "2018",
        "number": random.choice(["", "5", "2.8"]),
        "whole number": random.choice(["1", "2", "2018", "2019"]),
    }
    row = {}
    for column in table.columns:
        usual = made.get(column.holds) or (make_cell(random) if odd else random.choice(USUAL))
        row[column.name] = random.choice(column.values.split("|")) if column.values else usual
    if "doc_id" in row:
        row["doc_id"] = doc_id
    return row


if __name__ == "__main__":
    sys.exit(main())
