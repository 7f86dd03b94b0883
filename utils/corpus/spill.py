"""The texts of a large source go to a file on the way, and are mapped into memory."""

import mmap
from tempfile import SpooledTemporaryFile

import numpy as np
import pyarrow as pa
from pandas import Series, StringDtype

STRING = StringDtype("pyarrow", na_value=np.nan)
IN_MEMORY = 2**24
"""Bytes of texts that stay in memory."""


class Texts:
    """Texts that are added one after another and become a column.

    >>> texts = Texts()
    >>> texts.add("Rain.")
    >>> texts.column().tolist()
    ['Rain.']
    """

    def __init__(self):
        self.file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - it closes with the texts
        self.ends = [0]

    def add(self, text: str) -> None:
        """Put a text behind the others."""
        self.ends.append(self.ends[-1] + self.file.write(text.encode()))

    def __len__(self) -> int:
        return len(self.ends) - 1

    def cut(self, number: int) -> None:
        """Take away all but the first ones.

        >>> texts = Texts()
        >>> texts.add("Rain.")
        >>> texts.cut(0)
        >>> len(texts)
        0
        """
        del self.ends[number + 1 :]
        self.file.seek(self.ends[-1])
        self.file.truncate()

    def column(self) -> Series:
        """All texts; those of a file are read from there when they are asked for."""
        if self.ends[-1] <= IN_MEMORY:
            self.file.seek(0)
            data = self.file.read()
        else:
            self.file.rollover()
            self.file.flush()
            data = mmap.mmap(self.file.fileno(), 0, access=mmap.ACCESS_READ)
        ends = pa.py_buffer(np.array(self.ends, np.int64))
        texts = pa.LargeStringArray.from_buffers(len(self.ends) - 1, ends, pa.py_buffer(data))
        return Series(STRING.__from_arrow__(texts))
