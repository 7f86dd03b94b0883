"""Descriptions of a report that programs read, and the whole report as one file to send.

``datapackage.json`` is a Data Package (Frictionless Data, version 1) of all CSV files.
``ro-crate-metadata.json`` is an RO-Crate 1.1 of all files. ``report.zip`` holds them all.
"""

import hashlib
import json
import mimetypes
import zipfile
from codecs import BOM_UTF8
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import regex

from utils.report.frame import Study, citation, describe_articles

ZIP = "report.zip"
PACKAGE = "datapackage.json"
CRATE = "ro-crate-metadata.json"
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first date of a ZIP, so that equal reports are equal files
_PACKED = {".png", ".pdf", ".zip"}  # compressed already
_LICENCES = "https://spdx.org/licenses/"
_RIGHTS = "The texts remain their publishers'; the licence is that of the code and of the counts."
_TYPES = {".csv": "text/csv", ".bib": "application/x-bibtex", ".ipynb": "application/x-ipynb+json"}


def data_package(folder: Path, study: Study, tables: Iterable[dict]) -> dict:
    """The description of a report's CSV files as a Data Package."""
    about = citation()
    return {
        "profile": "data-package",
        "name": _slug(_title(study)),
        "title": _title(study),
        "description": f"Tables of the report on {describe_articles(study.collected)}. {_RIGHTS}",
        "version": about.get("version", ""),
        "licenses": [_licence(about)],
        "contributors": [{"title": about["authors"] or "unknown", "role": "author"}],
        "resources": [_resource(folder, table) for table in tables],
    }


def research_crate(folder: Path, study: Study, files: Iterable[str]) -> dict:
    """The description of all files of a report as an RO-Crate.

    It is dated by the version of the code that made the report, since a report is the same
    whenever it is made.
    """
    about = citation()
    rights = {"@id": "#rights"}
    author = {"@id": "#authors"}
    parts = [_crate_file(folder, name) for name in files]
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": _title(study),
        "description": f"A report on {describe_articles(study.collected)}. {_RIGHTS}",
        "datePublished": about.get("date-released", "1970-01-01"),
        "license": rights,
        "author": author,
        "hasPart": [{"@id": part["@id"]} for part in parts],
    }
    descriptor = {
        "@id": CRATE,
        "@type": "CreativeWork",
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
        "about": {"@id": "./"},
    }
    text = f"The code and the counts are under the licence {about.get('license', 'MIT')}. {_RIGHTS}"
    terms = {**rights, "@type": "CreativeWork", "name": "Rights", "description": text}
    makers = {**author, "@type": "Organization", "name": about["authors"] or "unknown"}
    graph = [descriptor, root, terms, makers, *parts]
    return {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph}


def write_json(file: Path, content: Any) -> None:
    """Write a description as JSON, the same bytes for the same content."""
    text = json.dumps(content, indent=1, ensure_ascii=False)
    file.write_text(text + "\n", "utf-8", "backslashreplace", "\n")


def write_zip(folder: Path, files: Iterable[str]) -> None:
    """Put files of a report into ``report.zip``, the same bytes for the same files."""
    with zipfile.ZipFile(folder / ZIP, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"report/{name}", _EARLIEST)
            entry.external_attr = 0o644 << 16
            packed = Path(name).suffix in _PACKED
            entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            archive.writestr(entry, (folder / name).read_bytes())


def _title(study):
    names = [bundle["corpus"] for bundle in study.corpora]
    return f"{names[0] if names else 'Report'}: a corpus study"


def _licence(about):
    name = about.get("license", "MIT")
    return {"name": name, "path": f"{_LICENCES}{name}.html", "title": f"{name} licence"}


def _resource(folder, table):
    data = (folder / table["file"]).read_bytes()
    fields = [
        {
            "name": column["column"],
            "title": column["heading"],
            "type": column["type"],
            "description": _described(column),
        }
        for column in table["columns"]
    ]
    return {
        "profile": "tabular-data-resource",
        "name": _slug(table["file"].removeprefix("data/").removesuffix(".csv")),
        "path": table["file"],
        "title": table["caption"],
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8-sig" if data.startswith(BOM_UTF8) else "utf-8",
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
        "schema": {"fields": fields, "missingValues": [""]},
    }


def _described(column):
    unit = f" ({column['unit']})" if column["unit"] else ""
    return f"{column['meaning']}{unit}"


def _crate_file(folder, name):
    ending = Path(name).suffix
    kind = _TYPES.get(ending) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return {
        "@id": quote(name),
        "@type": "File",
        "name": name,
        "encodingFormat": kind,
        "contentSize": str((folder / name).stat().st_size),
    }


def _slug(text):
    """A name of small Latin letters, digits and hyphens; with a hash where letters are lost.

    >>> _slug("02_keywords.zh/lines_1"), _slug("x/表")
    ('02-keywords-zh-lines-1', 'x-8bc7c77e')
    """
    digest = "" if text.isascii() else hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    return regex.sub(r"[^a-z0-9]+", "-", f"{text.lower()} {digest[:8]}").strip("-")
