"""What may be concluded of a row, as short codes. Their words are in ``utils/page/codes.csv``."""

from collections.abc import Iterable

import numpy as np
from numpy import ndarray
from pandas import Categorical

CODES = (
    "more",  # beyond chance and beyond one article, in the target or near the node
    "less",  # the same, the other way round
    "one article",  # the difference is gone without one article
    "few articles",  # in fewer than three articles of the group that has more
    "uneven",  # in fewer articles than chance would give
    "even",  # in more articles than chance would give
    "slight",  # beyond chance, but by less than would matter
    "chance",  # as even or uneven as chance could make it
    "weak",  # outside counting error, but short of the filter
    "alike",  # about as frequent on both sides
    "no difference",  # nothing shown
    "description",  # one article on a side: nothing is tested
    "size only",  # a size of the difference without a test
    "stable",  # comes back from half of the articles more than from shuffled text
    "unstable",  # does not
    "holds",  # a claim that its own figures bear out
    "fails",  # a claim that does not follow from them
    "untested",  # a claim that cannot be worked out again
    "too few",  # too few tokens to say anything
)


def as_verdicts(codes: Iterable[str]) -> Categorical:
    """Codes as an ordered categorical, the clearest first.

    >>> as_verdicts(["less", "more"]).min()
    'more'
    """
    return Categorical(codes, categories=CODES, ordered=True)


def first_case(cases: dict[str, ndarray], otherwise: str) -> Categorical:
    """The first code of each row whose case holds.

    >>> first_case({"more": np.array([True, False])}, "no difference").tolist()
    ['more', 'no difference']
    """
    return as_verdicts(np.select(list(cases.values()), list(cases), otherwise))
