"""A corpus study in notebooks: articles become tables, and tables become figures and a report.

It has six rooms: ``corpus`` (texts and tokens), ``search`` (queries), ``stats`` (measures and
their tables), ``facts`` (what the texts say), ``page`` (what a person reads) and ``report``
(running the notebooks). A room imports only from those named before it. Its door, ``__init__.py``,
lists its public names.
"""

from pathlib import Path

if not (Path(__file__).parents[1] / "notebooks").is_dir():  # a copy that pip made
    raise ImportError(
        "a clone of the project is needed, since its notebooks are not installed: "
        "clone it, and run make report there",
        name=__name__,  # so that python -m says it in a line
    )
