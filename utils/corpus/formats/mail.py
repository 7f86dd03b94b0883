"""A saved message becomes its text, with its subject, sender and date."""

from email import message_from_bytes, policy

import regex

from utils.corpus.files import whole_characters
from utils.corpus.formats.dates import iso_date
from utils.corpus.formats.documents import plainly
from utils.corpus.formats.record import File, Record
from utils.corpus.formats.web import page_lines


def read_eml(file: File) -> list[Record]:
    r"""The one record of a message (EML): its text, else the text of its HTML.

    A note names what is attached, which is not read.

    >>> mail = b"Subject: Rain\nDate: Thu, 4 May 2023 10:00:00 +0100\n\nIt rains."
    >>> read_eml(File("a.eml", mail))[0].metadata
    {'title': 'Rain', 'published': '2023-05-04'}
    """
    return [_record(file, message_from_bytes(file.data, policy=policy.default))]


def read_mbox(file: File) -> list[Record]:
    """One record for each message of a mailbox (MBOX) that has a text."""
    parts = regex.split(rb"(?m)^From [^\r\n]*\r?\n(?=[\w-]+:)", file.data)
    messages = [message_from_bytes(part, policy=policy.default) for part in parts if part.strip()]
    return [
        _record(file, message)._replace(place=f"message {number}")
        for number, message in enumerate(messages, start=1)
    ]


def _record(file, message):
    with plainly(file, "a message"):
        text = _text(message)
        attached = [part.get_filename() or "without a name" for part in message.iter_attachments()]
        stated = {
            "title": str(message["Subject"] or ""),
            "author": str(message["From"] or ""),
            "published": iso_date(str(message["Date"] or "")),
        }
    notes = (f"{file.name}: what is attached is not read: {', '.join(attached)}",)
    metadata = {name: " ".join(value.split()) for name, value in stated.items() if value}
    return Record(whole_characters(text), metadata, notes=notes if attached else ())


def _text(message):
    body = message.get_body(("plain", "html"))
    if body is None:
        return ""
    charset = body.get_content_charset() or "utf-8"
    text = body.get_payload(decode=True).decode(charset, "replace")
    return page_lines(text) if body.get_content_subtype() == "html" else text
