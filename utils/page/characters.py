"""Characters that are not seen, made visible."""

import regex

# Control characters, and those that turn the direction of what follows.
_UNSEEN = regex.compile(r"(?V1)[\p{Cc}\p{Bidi_Control}--\t\n\r]")


def visible(text: str) -> str:
    """The text with marks for characters that are not seen or turn the direction of reading.

    >>> visible("a\\x07b\\u202e")
    'a␇b⟨U+202E⟩'
    """
    return _UNSEEN.sub(_mark_of, text)


def _mark_of(unseen):
    code = ord(unseen[0])
    return chr(0x2400 + code) if code < 32 else f"⟨U+{code:04X}⟩"
