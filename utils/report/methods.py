"""How a report was made, to paste into a paper: the method, the references, the data dictionary."""

import unicodedata
from functools import cache
from pathlib import Path

import bibtexparser
import regex

from utils.report.executed import bundles
from utils.report.frame import Study, make_page
from utils.stats.measure_list import MEASURES

PAGE = "methods.html"
REFERENCES = "references.bib"
_FILE = Path(__file__).with_name(REFERENCES)


def make_methods_page(study: Study, tables: list[dict], taken_along: dict) -> tuple[str, str]:
    """The page on method and data, and its references as BibTeX.

    The page has a paragraph for each analysis that has rows in this report, with the versions and
    parameters of the run, and describes every CSV file: ``tables`` are those of ``tables_of``.
    ``taken_along`` are further files and what each is.
    """
    cited = {}
    page = make_page(
        "methods",
        PAGE,
        study,
        tables=tables,
        taken_along=taken_along,
        filled={table["name"] for table in tables if table["rows"]},
        run=_run_of(study),
        cite=lambda *keys: _cite(cited, keys),
        sources=_sources_asked_for(study),
        offered=_sources_of_tables(study),
        references=lambda: [_reference(key) for key in sorted(cited)],
    )
    return page, "\n\n".join(_entries()[key].raw for key in sorted(cited)) + "\n"


def key_of(source: str) -> str:
    """The BibTeX key of a source as the list of measures has it.

    >>> key_of("Rychlý (2008)"), key_of("Lijffijt and Gries (2012)")
    ('rychly2008', 'lijffijt2012')
    """
    plain = unicodedata.normalize("NFKD", source).encode("ascii", "ignore").decode()
    name, year = regex.search(r"(\w+).*?(\d{4})", plain).groups()
    return f"{name.lower()}{year}"


@cache
def _entries():
    return bibtexparser.parse_file(_FILE).entries_dict


def _cite(cited, keys):
    """Names and years of some references, which are then in the list.

    >>> _cite({}, ["gries2008", "benjamini1995"])
    'Gries 2008; Benjamini and Hochberg 1995'
    """
    cited |= dict.fromkeys(keys, True)
    return "; ".join(f"{_surnames(key)} {_field(key, 'year')}" for key in keys)


def _surnames(key):
    names = [name.partition(",")[0] for name in _field(key, "author").split(" and ")]
    return f"{names[0]} and others" if len(names) > 2 else " and ".join(names)


def _reference(key):
    """A reference in the parts that a page shows: ``text`` and ``doi``.

    >>> _reference("hardie2014")["text"][:48]
    'Hardie, Andrew (2014). Log Ratio: an informal in'
    """
    authors = _field(key, "author").replace(" and ", "; ")
    place = ", ".join(filter(None, [_field(key, name) for name in _PLACE]))
    text = f"{authors} ({_field(key, 'year')}). {_field(key, 'title')}. {place}."
    return {"text": text, "doi": _field(key, "doi")}


_PLACE = "journal booktitle howpublished school volume publisher pages".split()


def _field(key, name):
    field = _entries()[key].get(name)
    return field.value.replace("--", "–") if field else ""


def _run_of(study):
    """Parameters and versions of the run, as the notebooks show them; the first that has one."""
    values = {}
    for notebook in study.notebooks.values():
        for table in bundles(notebook.cells, "table"):
            if table["name"] == "run":
                values = dict(table["rows"]) | values
    return values


def _sources_of_tables(study):
    """The references that the tables of measures in this report name."""
    sources = [
        dict(zip([column["key"] for column in table["columns"]], row, strict=True))["source"]
        for notebook in study.notebooks.values()
        for table in bundles(notebook.cells, "table")
        if table["name"] == "measures"
        for row in table["rows"]
    ]
    return list(dict.fromkeys(map(key_of, sources)))


def _sources_asked_for(study):
    """The references of the measures that parameters of the run asked for by name."""
    asked = " ".join(str(value) for name, value in _run_of(study).items() if "parameter" in name)
    chosen = MEASURES.measure.isin(asked.split()) & (MEASURES.kind != "adjustment")
    return list(dict.fromkeys(map(key_of, MEASURES.source[chosen])))
