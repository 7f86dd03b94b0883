"""What goes along with the pages: method, references, a data dictionary, descriptions, one ZIP."""

from collections.abc import Iterable
from pathlib import Path

from utils.report.dictionary import FILE as DICTIONARY
from utils.report.dictionary import dictionary_csv, dictionary_itself
from utils.report.frame import Study
from utils.report.methods import REFERENCES
from utils.report.packages import (
    CRATE,
    PACKAGE,
    ZIP,
    data_package,
    research_crate,
    write_json,
    write_zip,
)

TAKEN_ALONG = {
    ZIP: "all pages and files of this report in one, to send",
    DICTIONARY: "what every column of every table has",
    REFERENCES: "the references as BibTeX",
    PACKAGE: "the tables described for programs, as a Data Package (Frictionless Data)",
    CRATE: "all files described for archives, as an RO-Crate",
}


def write_take_along(
    folder: Path, study: Study, files: Iterable[str], tables: list[dict], references: str
) -> list[str]:
    """Write what describes and holds the ``files`` of a report, which are in the folder already.

    ``tables`` are those of ``tables_of``, and ``references`` are in BibTeX. Returns the names of
    what was written.
    """
    (folder / DICTIONARY).parent.mkdir(exist_ok=True)
    (folder / DICTIONARY).write_bytes(dictionary_csv(tables))
    (folder / REFERENCES).write_text(references, "utf-8", newline="\n")
    write_json(folder / PACKAGE, data_package(folder, study, [*tables, dictionary_itself()]))
    described = [*files, DICTIONARY, REFERENCES, PACKAGE]
    write_json(folder / CRATE, research_crate(folder, study, described))
    write_zip(folder, [*described, CRATE])
    return [DICTIONARY, REFERENCES, PACKAGE, CRATE, ZIP]
