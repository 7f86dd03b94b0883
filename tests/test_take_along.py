"""What goes along with the pages, each description held against its own validator, offline."""

import csv
import json
import zipfile
from codecs import BOM_UTF8
from pathlib import Path

import bibtexparser
import frictionless
import pandas as pd
import pytest
import requests
import rocrate
from rocrate_validator import services
from rocrate_validator.models import Severity
from rocrate_validator.utils.http import HttpRequester

from utils.page.columns import COLUMNS
from utils.page.show import MIME
from utils.report.exports import write_exports
from utils.report.methods import key_of
from utils.report.options import read_options
from utils.report.run import choose_parameters
from utils.stats.measure_list import MEASURES

CONTEXT = "https://w3id.org/ro/crate/1.1/context"


@pytest.fixture
def context_offline(monkeypatch):
    """Gives the validator the vocabulary of schema.org in place of the page that it would load."""
    file = Path(rocrate.__file__).parent / "data" / "schema.jsonld"
    ids = [item["@id"] for item in json.loads(file.read_text("utf-8"))["@graph"]]
    names = [name.rpartition("/")[2].removeprefix("schema:") for name in ids]
    terms = {name: f"http://schema.org/{name}" for name in names}
    terms |= {
        "File": "http://schema.org/MediaObject",
        "conformsTo": "http://purl.org/dc/terms/conformsTo",
    }

    def get(self, url, **options):
        assert url == CONTEXT, f"the validator asks for {url}"
        response = requests.Response()
        response.status_code = 200
        response.url = url
        response.headers["content-type"] = "application/ld+json"
        response._content = json.dumps({"@id": url, "@context": terms}).encode()
        return response

    for name in ("get", "head", "fetch_fresh"):
        monkeypatch.setattr(HttpRequester, name, get, raising=False)


def crate_problems(folder):
    settings = {
        "rocrate_uri": str(folder),
        "profile_identifier": "ro-crate-1.1",
        "requirement_severity": Severity.REQUIRED,
        "offline": True,
    }
    result = services.validate(services.ValidationSettings.parse(settings))
    return [issue.message for issue in result.get_issues()]


@pytest.mark.parametrize("which", ["report", "other_report"])
def test_the_data_package_is_valid_and_has_every_table(which, request):
    folder = request.getfixturevalue(which)
    result = frictionless.validate(folder / "datapackage.json")
    assert result.flatten(["path", "rowNumber", "fieldNumber", "note"]) == []
    described = {task.place for task in result.tasks}
    files = {file.relative_to(folder).as_posix() for file in folder.rglob("*.csv")}
    assert described == files


def test_the_validator_finds_a_number_that_is_none(report, tmp_path):
    package = json.loads((report / "datapackage.json").read_text("utf-8"))
    resource = next(one for one in package["resources"] if one["path"].endswith("/sizes.csv"))
    text = (report / resource["path"]).read_text("utf-8")
    (tmp_path / "sizes.csv").write_text(text.replace(",", ",x", 8), "utf-8")
    fields = resource["schema"]
    (tmp_path / "p.json").write_text(
        json.dumps({"resources": [{"name": "sizes", "path": "sizes.csv", "schema": fields}]})
    )
    assert not frictionless.validate(tmp_path / "p.json").valid


def test_the_crate_is_valid_and_has_every_file(report, context_offline):
    assert crate_problems(report) == []
    crate = json.loads((report / "ro-crate-metadata.json").read_text("utf-8"))
    named = {part["name"] for part in crate["@graph"] if part["@type"] == "File"}
    files = {file.relative_to(report).as_posix() for file in report.rglob("*") if file.is_file()}
    beside = {"ro-crate-metadata.json", "manifest.json", "report.zip", ".report-lock"}
    assert named == files - beside


def test_the_validator_finds_a_crate_without_a_date(report, tmp_path, context_offline):
    crate = json.loads((report / "ro-crate-metadata.json").read_text("utf-8"))
    crate["@graph"] = [part for part in crate["@graph"] if part["@type"] != "File"]
    root = next(part for part in crate["@graph"] if part["@id"] == "./")
    root["hasPart"] = []
    del root["datePublished"]
    (tmp_path / "ro-crate-metadata.json").write_text(json.dumps(crate), "utf-8")
    assert any("datePublished" in problem for problem in crate_problems(tmp_path))


def test_the_zip_has_the_whole_report(report):
    with zipfile.ZipFile(report / "report.zip") as archive:
        names = {name.removeprefix("report/") for name in archive.namelist()}
        index = archive.read("report/index.html")
    files = {file.relative_to(report).as_posix() for file in report.rglob("*") if file.is_file()}
    assert names == files - {"manifest.json", "report.zip", ".report-lock"}
    assert index == (report / "index.html").read_bytes()


def test_numbers_are_read_as_numbers(report):
    keywords = pd.read_csv(report / "data" / "02_keywords" / "keywords.csv")
    assert keywords[["low", "high", "log_ratio", "g2"]].dtypes.astype(str).unique() == ["float64"]
    without = keywords.low_note == "no bound"
    assert without.any()
    assert keywords.low[without].isna().all()
    assert keywords.low[~without].notna().all()


def test_every_column_of_every_table_is_in_the_dictionary(report):
    rows = list(csv.DictReader((report / "data" / "dictionary.csv").open(encoding="utf-8")))
    listed = {(row["file"], row["column"]) for row in rows}
    for file in report.glob("data/*/*.csv"):
        with file.open(encoding="utf-8", newline="") as lines:
            header = next(csv.reader(lines))
        name = file.relative_to(report).as_posix()
        assert {(name, column) for column in header} <= listed
    assert all(row["meaning"] for row in rows)


def test_every_column_that_is_described_says_what_a_cell_has():
    silent = [key for key, column in COLUMNS.items() if not column.meaning]
    assert silent == []


def test_every_measure_has_its_source_among_the_references():
    file = Path(__file__).parents[1] / "utils" / "report" / "references.bib"
    entries = bibtexparser.parse_file(file).entries_dict
    for row in MEASURES.itertuples():
        entry = entries[key_of(row.source)]
        doi = entry.get("doi")
        assert (doi.value if doi else "") == row.doi, row.source


def test_the_references_are_those_of_the_text(report):
    page = (report / "methods.html").read_text("utf-8")
    library = bibtexparser.parse_file(report / "references.bib")
    assert not library.failed_blocks
    for entry in library.entries:
        assert entry["title"] in page.replace("&#39;", "'").replace("&#34;", '"')
    assert {"greene2014", "juilland1970", "benjamini1995"} <= set(library.entries_dict)


@pytest.mark.parametrize("excel", [False, True])
def test_a_file_for_excel_begins_with_a_mark_and_is_read_the_same(tmp_path, excel):
    columns = [{"key": "term", "numeric": False}, {"key": "low", "numeric": True}]
    rows = [["茶", 1.5], ["tea", "no bound"]]
    bundle = {"kind": "table", "name": "words", "columns": columns, "rows": rows}
    write_exports([{"outputs": [{"data": {MIME: bundle}}]}], tmp_path, excel)
    assert (tmp_path / "words.csv").read_bytes().startswith(BOM_UTF8) == excel
    table = pd.read_csv(tmp_path / "words.csv")
    assert table.columns.tolist() == ["term", "low", "low_note"]
    assert table.low.dtype == float


def test_the_choice_of_excel_is_an_option():
    assert read_options(["--excel"]).given == {"EXCEL": "True"}
    assert choose_parameters([], {"EXCEL": "True"}) == {"EXCEL": True}
