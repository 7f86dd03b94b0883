"""What a coder is asked to do: the codebook of a corpus and the rules, without any coding of it."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from pandas import DataFrame

from utils.corpus.tables import ABOUT, LISTS, NOT_STATED, folder_of, read_side_table
from utils.facts.coding import SHARED_SIDES, kinds_of, known_attributes, listed_attributes
from utils.facts.gate import COLUMNS
from utils.facts.quotations import read_quoted

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent), trim_blocks=True, lstrip_blocks=True
)


def coding_prompt(articles: DataFrame) -> str:
    """The codebook of a corpus with its rules, for a person or a language model, in Markdown.

    Of the coding that is there only the names of centres and sides are taken, and no value. Raises
    ``Mistake`` for side tables that cannot be read.

    >>> from utils.corpus.articles import read_corpus
    >>> prompt = coding_prompt(read_corpus())
    >>> "| `person: presided` | who chaired" in prompt, "Lighthouse" in prompt.split("## What a")[1]
    (True, False)
    """
    attributes = listed_attributes(articles)
    known = attributes if len(attributes) else known_attributes(articles)
    kinds = kinds_of(known)
    coded = set(read_side_table("centres", folder_of(articles)).side)
    example = (kinds.family + ": " + kinds.kind).head(1)
    return _TEMPLATES.get_template("prompt.md.j2").render(
        articles=_coded_articles(articles).to_dict("records"),
        about=[f"`{name}`" for name in ABOUT],
        sides=[f"`{side}`" for side in sorted(coded - {"", *SHARED_SIDES})],
        not_stated=NOT_STATED,
        example=example.iloc[0] if len(example) else "attribute: kind",
        rules=_rules(articles).rule.tolist(),
        attributes=known.to_dict("records"),
        columns=COLUMNS,
    )


def _coded_articles(articles):
    """``doc_id, centre, title, file`` of articles about a centre, under the name it is coded by."""
    coded = read_quoted("centres", articles).drop_duplicates(["doc_id", "centre"])
    named = articles.centre[articles.centre != ""].rename("centre").reset_index()
    both = coded[["doc_id", "centre"]] if len(coded) else named
    return both.join(articles[["title", "file"]], on="doc_id")


def _rules(articles):
    own = read_side_table("coding_rules", folder_of(articles))
    return own if len(own) else read_side_table("coding_rules", LISTS)
