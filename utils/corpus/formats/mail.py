"""Saved messages become their texts, each with its subject, sender and date."""

from collections.abc import Iterator
from email import message_from_bytes, policy

import regex

from utils.corpus.files import Mistake, decode_any, named_encoding
from utils.corpus.formats.record import File, Found, make_record
from utils.corpus.formats.web import page_lines

_FROM = regex.compile(rb"(?m)^From \S.*\b\d\d:\d\d\b.*\b\d{4}\r?\n")


def read_eml(file: File) -> Iterator[Found]:
    r"""The one record of a message (EML): its text, else the text of its HTML.

    A note names what is attached, which is not read. Raises ``Mistake`` for what has neither
    sender, subject nor date.

    >>> mail = b"Subject: Rain\nDate: Thu, 4 May 2023 10:00:00 +0100\n\nIt rains."
    >>> [record.metadata for record in read_eml(File("a.eml", mail))]
    [{'title': 'Rain', 'published': '2023-05-04'}]
    """
    message = message_from_bytes(file.data, policy=policy.default)
    heads = {"title": "Subject", "author": "From", "published": "Date"}
    stated = {name: str(message[head] or "") for name, head in heads.items()}
    if not any(stated.values()):
        raise Mistake(f"{file.name}: no message, whatever its name says; save it as .txt or anew")
    attached = [part.get_filename() or "without a name" for part in message.iter_attachments()]
    if attached:
        yield f"{file.name}: what is attached is not read: {', '.join(attached)}"
    yield make_record(_text(message, file.name), stated)


def read_mbox(file: File) -> Iterator[Found]:
    r"""A record for each message of a mailbox (MBOX); a ``Mistake`` for one that is none.

    >>> box = b"From ann Thu May  4 10:00:00 2023\nSubject: Rain\n\nIt rains.\n"
    >>> [record.place for record in read_mbox(File("a.mbox", box))]
    ['message 1']
    """
    for number, data in enumerate(_FROM.split(file.data)[1:], 1):
        place = f"message {number}"
        try:
            *notes, record = read_eml(File(f"{file.name}, {place}", data))
        except Mistake as mistake:
            yield mistake
        else:
            yield from notes
            yield record._replace(place=place)


def _text(message, name):
    body = message.get_body(("plain", "html"))
    if body is None:
        return ""
    data = body.get_payload(decode=True)
    try:
        text = data.decode(named_encoding(body.get_content_charset() or "utf-8"))
    except (LookupError, UnicodeDecodeError):
        text, _ = decode_any(data, name)
    return page_lines(text) if body.get_content_subtype() == "html" else text
