"""The first page: what leads, the entities side by side, the notebooks, and how it was made."""

from itertools import chain
from typing import NamedTuple

from utils.page.findings_summary import title_of
from utils.page.show import render
from utils.report.executed import bundles, given_parameters
from utils.report.frame import Study, make_page

INDEX = "index.html"


class Entry(NamedTuple):
    """A notebook in the list: its page, its title, and what it found in the main.

    Where it found nothing, what it says instead.
    """

    file: str
    title: str
    findings: list[str]
    found: bool


def make_first_page(study: Study, failures: dict) -> str:
    """HTML of the first page of a study, in which the notebooks of ``failures`` stopped this time.

    Notebooks in which entities were coded lead; otherwise the texts do.
    """
    ran = [stem for stem in study.notebooks if stem not in failures]
    summaries = dict(chain.from_iterable(_summaries(stem, study) for stem in ran))
    coded = {stem: bundle for stem, bundle in summaries.items() if bundle["entities"]}
    texts = [summaries[stem] for stem in summaries if stem not in coded]
    order = dict.fromkeys([*coded, *study.notebooks])
    entries = [_entry(stem, study, stem in failures) for stem in order]
    entries.sort(key=lambda entry: not entry.found)
    return make_page(
        "index",
        INDEX,
        study,
        title=_title(study, coded.values()),
        failures=failures,
        shown=[_shown(stem, coded[stem], study) for stem in coded],
        lead=texts[:1],
        entries=list(_say_once(entries, study.languages)),
        cannot=_limits(texts),
        parameters=_parameters(study),
    )


def _summaries(stem, study):
    return [(stem, bundle) for bundle in bundles(study.notebooks[stem].cells, "summary")]


def _limits(texts):
    """What the texts cannot show, in any language, once each."""
    return list(dict.fromkeys(chain.from_iterable(bundle["cannot"] for bundle in texts)))


def _title(study, summaries):
    """What the study is, from the corpus and the entities coded in any language."""
    if not study.corpora:
        return "Report"
    names = [entity["name"] for bundle in summaries for entity in bundle["entities"]]
    corpus = study.corpora[0]
    articles = corpus.get("collected", corpus["articles"])
    return title_of(corpus["corpus"], articles, list(dict.fromkeys(names)))


def _shown(stem, summary, study):
    """A summary as HTML, with the language that it is of, where there are several."""
    html = render(summary, links=study.links, table=f"{stem}.html")
    return study.languages.get(stem, ""), html


def _entry(stem, study, failed):
    findings = [] if failed else list(bundles(study.notebooks[stem].cells, "findings"))
    main = [text for bundle in findings for text in bundle.get("main", [])]
    all_found = {finding["text"] for bundle in findings for finding in bundle["findings"]}
    return Entry(f"{stem}.html", study.titles[stem], main, not all_found.isdisjoint(main))


def _say_once(entries, languages):
    """The entries; where a notebook says in one language what it says in another, one says so."""
    first = {}
    for entry in entries:
        notebook = entry.file.partition(".")[0]
        same = first.setdefault((notebook, *entry.findings), entry)
        language = languages.get(same.file.removesuffix(".html"))
        again = [f"The page on the articles in {language} says the same."]
        yield entry if same is entry or not entry.findings else entry._replace(findings=again)


def _parameters(study):
    """The parameters given to each notebook, by its title; only those that were given any."""
    given = {study.titles[stem]: given_parameters(study.notebooks[stem]) for stem in study.titles}
    return {title: values for title, values in given.items() if values}
