"""Bare folders, single files and ZIPs become articles; what is wrong with a source is one line."""

import io
import mailbox
import os
import sys
from zipfile import ZipFile

import docx
import pytest

from utils.corpus.articles import metadata_table, read_corpus
from utils.corpus.files import MOST_LINES, Mistake, decode_any
from utils.corpus.sources import files_of
from utils.corpus.tables import TABLES

FOG = "Fog lay on the estuary all morning and no boat put out before ten o'clock"
ENDS = "The harbour office opened again after lunch and the boats went to sea"


def text_of(title: str) -> str:
    return f"{title}\n\n{FOG}. {ENDS}.\n\n{ENDS}.\n"


@pytest.fixture
def folder(tmp_path):
    top = tmp_path / "collected"
    (top / "deep" / "er").mkdir(parents=True)
    return top


def write(path, title):
    path.write_text(text_of(title), "utf-8")
    return path


def problems(source, **options) -> list[str]:
    with pytest.raises(Mistake) as caught:
        read_corpus(source, **options)
    assert all("\n" not in line for line in caught.value.problems)
    return caught.value.problems


def test_a_bare_folder_is_read_as_it_is(folder):
    for name in ("t10.txt", "t9.txt", "deep/er/x.txt", "deep/2020-02-03_Tide-Times_fog.txt"):
        write(folder / name, f"About {name}")
    articles = read_corpus(folder)
    assert articles.file.tolist() == [
        "deep/2020-02-03_Tide-Times_fog.txt",
        "deep/er/x.txt",
        "t9.txt",
        "t10.txt",
    ]
    assert articles.index.tolist() == ["2020-02-03_Tide-Times_fog", "x", "t9", "t10"]
    assert articles.title["t10"] == "About t10.txt"
    assert articles[["outlet", "published"]].iloc[0].tolist() == ["Tide Times", "2020-02-03"]
    assert {*TABLES["metadata"].names(), "place", "language_from"} <= {*articles, "doc_id"}
    assert articles.attrs["folder"] == str(folder)
    assert articles.attrs["skipped"] == []
    assert any("taken from the name of the file" in note for note in articles.attrs["notes"])
    assert articles.raw["x"] == text_of("About deep/er/x.txt")


def test_formats_may_be_mixed_and_endings_may_be_wrong(folder):
    write(folder / "a.txt", "Plain")
    page = f"<!DOCTYPE html><html><body><article><h1>Page</h1><p>{FOG}.</p><p>{ENDS}.</p></article>"
    (folder / "b.txt").write_text(page)
    document = docx.Document()
    document.add_paragraph(FOG)
    document.save(folder / "c.txt")
    (folder / "d.csv").write_text(f"title,text,mood\nOne,{FOG},calm\nTwo,{ENDS},brisk\n")
    articles = read_corpus(folder)
    assert articles.index.tolist() == ["a", "b", "c", "d-0001", "d-0002"]
    assert not articles.raw.str.contains("<p>").any()
    assert articles.mood.tolist() == ["", "", "", "calm", "brisk"]
    assert articles.place["d-0002"] == "row 3"
    assert any("b.txt: its content is that of a .html" in note for note in articles.attrs["notes"])


def test_one_file_in_another_encoding_works_and_is_said(folder):
    for number in range(58):
        write(folder / f"{number}.txt", f"Day {number}")
    old = "Café\n\nThe “Café Müller” took £5 for tea – too much, said the owner’s brother.\n"
    (folder / "old.txt").write_bytes(old.encode("cp1252"))
    articles = read_corpus(folder)
    assert len(articles) == 59
    assert articles.raw["old"] == old
    assert "old.txt: not UTF-8; read as cp1252" in articles.attrs["notes"]


ENCODINGS = {
    "gb18030": "宁波的渡轮今天上午因大雾停航，船长表示下午将恢复航行。",
    "big5": "寧波的渡輪今天上午因大霧停航，船長表示下午將恢復航行。",
    "cp932": "濃霧のため、フェリーは午前中の運航を取りやめたと船長は述べた。",
    "cp1251": "Из-за тумана паром не вышел в море утром, сообщил капитан порта.",
    "utf_16": "Fog lay on the estuary.",
}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_encodings_that_can_be_told_are_read(encoding):
    text = ENCODINGS[encoding]
    assert decode_any(text.encode(encoding), "a.txt") == (text, encoding)


@pytest.mark.parametrize("encoding", ["utf_16_le", "utf_16_be", "utf_32"])
def test_wide_characters_are_told_with_and_without_a_mark(folder, encoding):
    text = "Fog\n\nThe café opened. It rained on “Monday”."
    (folder / "a.txt").write_bytes(text.encode(encoding))
    table = f"title,text\nFog,{FOG}\nSun,{ENDS}\n"
    (folder / "b.csv").write_bytes(table.encode(encoding))
    (folder / "c.html").write_bytes(f"<!DOCTYPE html><p>{FOG}. {ENDS}.</p>".encode(encoding))
    articles = read_corpus(folder)
    assert articles.raw.tolist() == [text, FOG, ENDS, f"{FOG}. {ENDS}.\n"]


@pytest.mark.parametrize(
    ("named", "used", "text"),
    [
        ("gb2312", "gbk", "朱镕基说港口开放"),
        ("iso-8859-1", "cp1252", "“Fog”—said"),
        ("big5", "cp950", "碁"),
    ],
)
def test_pages_and_mails_use_more_characters_than_the_encoding_they_name(folder, named, used, text):
    page = f"<!DOCTYPE html><meta charset={named}><p>{text}. {FOG}. {ENDS}.</p>"
    (folder / "a.html").write_bytes(page.encode(used))
    head = f"Subject: Fog\nContent-Type: text/plain; charset={named}\n"
    mail = f"{head}Content-Transfer-Encoding: 8bit\n\n{text}. {FOG}."
    (folder / "b.eml").write_bytes(mail.encode(used))
    assert all(raw.startswith(f"{text}. {FOG}.") for raw in read_corpus(folder).raw)


def test_mail_that_names_no_encoding_is_read_as_any_text(folder):
    (folder / "a.eml").write_bytes(
        b"Subject: Fog\n\n" + ("宁波的港口今天开放。" * 9).encode("gb18030")
    )
    assert read_corpus(folder).raw["a"].startswith("宁波的港口今天开放。")


def test_each_message_of_a_mailbox_is_an_article(folder):
    box = mailbox.mbox(folder / "a.mbox")
    for day in (4, 5):
        head = f"Subject: Day {day}\nFrom: Ann\nDate: Mon, 0{day} May 2020 10:00:00 +0800\n\n"
        box.add(f"{head}{FOG}.\n\n@From then on it shone, from 1999 to 2020.\n@From Hull in 2019\n")
    box.add("no message")
    box.close()
    file = folder / "a.mbox"
    file.write_bytes(file.read_bytes().replace(b"@", b""))
    articles = read_corpus(folder, skip_bad=True)
    assert articles.title.tolist() == ["Day 4", "Day 5"]
    assert articles.published.tolist() == ["2020-05-04", "2020-05-05"]
    assert articles.place.tolist() == ["message 1", "message 2"]
    assert all(raw.startswith(FOG) for raw in articles.raw)
    [line] = articles.attrs["skipped"]
    assert line.startswith("a.mbox, message 3: no message")


def test_front_matter_without_a_value_states_nothing(folder):
    matter = "---\ntitle:\ndate:\nabstract: >\n  Fog\ntags:\n- sea\nauthor: Ann\n---\n"
    (folder / "a.md").write_text(f"{matter}Port\n\n{FOG}.\n")
    articles = read_corpus(folder)
    assert articles.loc["a", ["title", "author"]].tolist() == ["Port", "Ann"]
    assert not {"abstract", "tags"} & set(articles)


FRONT = {
    "a.md": '---\ntitle: "Port opens"\ndate: 2020-05-04\nAuthor: Ann Lee\nurl: [a, b]\n---\n',
    "b.txt": "Title: Port opens\nDate: 4 May 2020\nAuthor: Ann Lee\nURL: a, b\n",
    "c.txt": "标题：Port opens\r\n发布时间：2020年5月4日\r\n作者：Ann Lee\r\n链接：a, b\r\n",
}


@pytest.mark.parametrize("name", FRONT)
def test_front_matter_states_what_it_says(folder, name):
    text = FRONT[name] + "\nIt opened. It rained.\n"
    (folder / name).write_text(text, "utf-8", newline="")
    (article,) = read_corpus(folder).itertuples()
    stated = [article.title, article.published, article.author, article.url]
    assert stated == ["Port opens", "2020-05-04", "Ann Lee", "a, b"]
    assert article.raw.startswith(FRONT[name][:3])
    assert [article.raw[slice(*span)] for span in article.body] == ["It opened. It rained."]


def test_a_line_that_names_something_is_no_front_matter(folder):
    text = "Date: the fruit of a palm\n\nSource: the place where a river begins.\n"
    write(folder / "a.txt", text)
    assert "front-matter" not in [line.rule for line in read_corpus(folder).lines["a"]]


@pytest.mark.parametrize(
    "data", [b"ab\0cd\xff", bytes(range(128, 256)) * 3, ("霧" * 40).encode()[:-1], b"\xff\xfe\0"]
)
def test_encodings_that_cannot_be_told_are_not_guessed(folder, data):
    (folder / "a.txt").write_bytes(data)
    assert problems(folder)[0].startswith("a.txt: ")


def test_side_tables_and_what_systems_make_are_no_articles(folder):
    write(folder / "a.txt", "Fog")
    (folder / "themes.csv").write_text("theme,pattern\nsea,boat*\n")
    (folder / "nodes.txt").write_text("boat\n")
    (folder / ".DS_Store").write_text("x")
    (folder / "a_files").mkdir()
    (folder / "a_files" / "b.txt").write_text("x")
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    (folder / "README.md").write_text("About")
    articles = read_corpus(folder)
    assert articles.index.tolist() == ["a"]
    told = "\n".join(articles.attrs["notes"])
    assert "photo.jpg: not read" in told
    assert "README.md: not taken for an article" in told
    assert "themes.csv" not in told


def test_links_pipes_and_odd_names_do_no_harm(folder, tmp_path):
    write(folder / "a.txt", "Fog")
    write(tmp_path / "secret.txt", "Secret")
    (folder / "circle").symlink_to(folder)
    (folder / "out.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "gone.txt").symlink_to("nowhere")
    os.mkfifo(folder / "pipe.txt")
    write(folder / "two\nlines.txt", "Two")
    with open(os.fsencode(folder) + b"/caf\xe9.txt", "w") as file:
        file.write(text_of("Latin"))
    articles = read_corpus(folder)
    assert sorted(articles.index) == ["a", "caf", "two-nlines"]
    told = articles.attrs["notes"]
    assert any("circle" in note and "out.txt" in note and "link" in note for note in told)
    assert any(note.startswith("pipe.txt: no file but a pipe") for note in told)
    assert articles.to_csv().encode()
    assert problems(folder / "pipe.txt")[0].endswith("name a folder, a table or a ZIP")


def test_a_circle_of_links_in_our_layout_is_no_traceback(make_corpus):
    folder = make_corpus({"a": "Fog."})
    (folder / "texts" / "x").symlink_to("y")
    (folder / "texts" / "y").symlink_to("x")
    assert read_corpus(folder).index.tolist() == ["a"]


def test_a_zip_is_read_as_its_folder_would_be(folder, tmp_path):
    inner = io.BytesIO()
    with ZipFile(inner, "w") as archive:
        archive.writestr("in.txt", text_of("Inner"))
    deepest = io.BytesIO()
    with ZipFile(deepest, "w") as archive:
        archive.writestr("in.zip", inner.getvalue())
    with ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr("b/one.txt", text_of("One"))
        archive.writestr("__MACOSX/b/._one.txt", "x")
        archive.writestr("in.zip", inner.getvalue())
    before = sorted(tmp_path.rglob("*"))
    articles = read_corpus(tmp_path / "z.zip")
    assert articles.title.to_dict() == {"one": "One", "in": "Inner"}
    assert articles.file.tolist() == ["z.zip/b/one.txt", "z.zip/in.zip/in.txt"]
    assert articles.attrs["folder"] is None
    assert sorted(tmp_path.rglob("*")) == before
    with ZipFile(tmp_path / "z.zip", "a") as archive:
        archive.writestr("deep.zip", deepest.getvalue())
    assert "a ZIP in a ZIP in a ZIP" in problems(tmp_path / "z.zip")[0]


def test_our_layout_in_a_zip_has_its_metadata(make_corpus, tmp_path):
    folder = make_corpus({"a": text_of("Fog")}, {"a": {"outlet": "Echo", "published": "2020"}})
    (folder / "themes.csv").write_text("theme,pattern\nsea,boat*\n")
    with ZipFile(tmp_path / "z.zip", "w") as archive:
        for file in filter(os.path.isfile, folder.rglob("*")):
            archive.write(file, file.relative_to(tmp_path))
        archive.writestr("photo.jpg", b"\xff\xd8\xff")
    articles = read_corpus(tmp_path / "z.zip")
    assert articles[["outlet", "published"]].to_dict("index") == {
        "a": {"outlet": "Echo", "published": "2020"}
    }
    told = "\n".join(articles.attrs["notes"])
    assert "themes.csv: a side table" in told
    assert "photo.jpg: not read" in told


def test_a_table_is_named_with_its_column(tmp_path):
    table = tmp_path / "a#b.csv"
    table.write_text(f"title,text,content\nOne,{FOG},{ENDS}\n")
    assert read_corpus(f"{table}#content").raw.tolist() == [ENDS]
    assert "a#b.csv#" in problems(table)[0]


def test_posts_have_the_day_of_their_making_unless_one_of_publication_is_given(tmp_path):
    made = "Wed Mar 01 08:00:00 +0000 2023"
    file = tmp_path / "posts.csv"
    file.write_text(f"created_at,full_text\n{made},It rained.\n", "utf-8")
    assert read_corpus(file).published.tolist() == ["2023-03-01"]
    file.write_text(f"created_at,date,full_text\n{made},2023-04-02,It rained.\n", "utf-8")
    assert read_corpus(file).published.tolist() == ["2023-04-02"]


def test_what_a_table_calls_like_ours_stands_beside_ours(tmp_path):
    table = tmp_path / "a.csv"
    table.write_text(f"title,text,raw,lines,place,short_title\nOne,{FOG},r,l,p,Given\n")
    kept = metadata_table(read_corpus(table)).iloc[0]
    assert kept[["raw (metadata)", "lines (metadata)", "place (metadata)"]].tolist() == [
        "r",
        "l",
        "p",
    ]
    assert kept.short_title == "Given"


def test_a_table_of_files_and_references_give_texts_their_metadata(folder):
    write(folder / "a.txt", "Fog")
    write(folder / "deep" / "b.txt", "Sun")
    (folder / "list.csv").write_text(
        "file,outlet,date\ndeep/b.txt,Tide Times,4 May 2021\nc.txt,,\n"
    )
    (folder / "refs.ris").write_text(
        "TY  - NEWS\nTI  - Thick fog\nT2  - Echo\nL1  - a.txt\nER  -\n"
    )
    articles = read_corpus(folder)
    assert articles[["outlet", "published"]].loc["b"].tolist() == ["Tide Times", "2021-05-04"]
    assert articles[["outlet", "title"]].loc["a"].tolist() == ["Echo", "Thick fog"]
    assert any("1 of 3 belong to no text" in note for note in articles.attrs["notes"])


def test_a_reference_is_found_by_the_first_line_of_a_text(folder):
    write(folder / "x1.txt", "Thick fog!")
    (folder / "refs.ris").write_text("TY  - NEWS\nTI  - Thick fog\nT2  - Echo\nER  -\n")
    assert read_corpus(folder).outlet.tolist() == ["Echo"]


def test_ids_are_cut_after_a_word(folder):
    write(folder / f"{'the harbour opens again after the fog ' * 3}.txt", "Fog")
    assert read_corpus(folder).index.tolist() == ["the-harbour-opens-again-after-the-fog-the"]


def test_notes_that_say_the_same_of_many_files_are_one_line(folder):
    page = (
        f"<!DOCTYPE html><html><body><article><p>{FOG}.</p><p>{ENDS}.</p></article></body></html>"
    )
    for number in range(30):
        (folder / f"{number}.html").write_text(page)
    (folder / "0_files").mkdir()
    beside, taken, *_ = read_corpus(folder).attrs["notes"]
    assert taken.startswith("0.html, 1.html, 2.html and 27 more: trafilatura took the article out")
    assert beside.startswith("0_files: not read")


def test_short_titles_of_long_ids_are_short(tmp_path):
    table = tmp_path / "a.csv"
    rows = [f"{number:064x},Fog,{FOG} {number}" for number in range(3)]
    table.write_text("\n".join(["id,title,text", *rows]))
    assert read_corpus(table).short_title.tolist() == ["Fog", "Fog 2", "Fog 3"]


def test_ids_are_safe_and_no_two_are_alike(folder):
    for name in (
        "a b.txt",
        "a?b.txt",
        "A-B.md",
        "…!.txt",
        "deep/a b.txt",
        "宁波.txt",
        "x" * 200 + ".txt",
    ):
        write(folder / name, name)
    ids = read_corpus(folder).index.tolist()
    assert ids == read_corpus(folder).index.tolist()
    assert len({name.casefold() for name in ids}) == 7
    assert all(len(name) <= 60 and name.strip("-.") == name and " " not in name for name in ids)
    assert "宁波" in ids


def test_all_problems_come_in_one_go_and_bad_ones_may_be_left_out(folder):
    write(folder / "good.txt", "Fog")
    (folder / "empty.txt").write_text(" \n")
    (folder / "t.csv").write_text("name,colour\nFerry,red\n")
    (folder / "torn.pdf").write_bytes(b"%PDF-1.4")
    (folder / "rows.csv").write_text(f"title,text\nA,{FOG}\nB,x,y,z\n")
    found = problems(folder)
    named = [line.partition(".")[0] for line in found]
    assert sorted(named) == ["empty", "rows", "t", "torn"]
    articles = read_corpus(folder, skip_bad=True)
    assert articles.index.tolist() == ["good", "rows"]
    assert articles.attrs["skipped"] == found
    (folder / "good.txt").unlink()
    (folder / "rows.csv").unlink()
    assert len(problems(folder, skip_bad=True)) == 3


def test_many_problems_are_cut_short_where_they_are_shown(folder):
    for number in range(30):
        (folder / f"{number}.txt").write_text("")
    with pytest.raises(Mistake) as caught:
        read_corpus(folder)
    assert len(caught.value.problems) == 30
    shown = str(caught.value).splitlines()
    assert shown[MOST_LINES:] == ["and 10 more"]
    assert shown[2].startswith("2.txt")
    assert caught.value._render_traceback_() == shown


def test_bad_rows_of_our_layout_may_be_left_out(make_corpus):
    folder = make_corpus({"a": "One.", "b": "Two.", "c": "Three."}, {"c": {"published": "never"}})
    (folder / "texts/a.txt").unlink()
    (folder / "texts/stray.txt").write_text("x")
    articles = read_corpus(folder, skip_bad=True)
    assert articles.index.tolist() == ["b"]
    assert articles.attrs["skipped"] == problems(folder)
    assert len(articles.attrs["skipped"]) == 3


def test_our_layout_takes_files_with_one_article_each(make_corpus):
    folder = make_corpus({"a": "One.", "b": "Two."})
    document = docx.Document()
    document.add_paragraph(FOG)
    document.save(folder / "texts/c.docx")
    (folder / "texts/many.csv").write_text(f"title,text\nA,{FOG}\nB,{ENDS}\n")
    with (folder / "metadata.csv").open("a") as file:
        file.write("c,c.docx,\n")
    assert any("many.csv: not listed" in line for line in problems(folder))
    with (folder / "metadata.csv").open("a") as file:
        file.write("d,many.csv,\n")
    assert problems(folder) == [
        "metadata.csv, row 5, column file: many.csv: has 2 articles, and a row is one article; "
        "make a corpus of it with python -m utils.corpus new FOLDER SOURCE"
    ]
    assert read_corpus(folder, skip_bad=True).raw["c"].strip() == FOG


@pytest.mark.parametrize("what", ["nothing", "an empty folder", "only hidden files"])
def test_a_source_without_articles_is_one_line(folder, what):
    if what == "only hidden files":
        (folder / ".a.txt").write_text(FOG)
    [line] = problems(folder / "none" if what == "nothing" else folder)
    assert "no such folder" in line or "no articles in it" in line


@pytest.mark.parametrize("name", ["x" * 5000, "a\0b", "two\nlines", "a#b"])
def test_a_source_that_cannot_be_is_one_line(name):
    assert "no such folder or file" in problems(name)[0]


def test_a_folder_of_pictures_says_that_it_has_pictures(folder):
    (folder / "a.jpg").write_bytes(b"\xff\xd8\xff")
    assert problems(folder)[1].startswith("a.jpg: not read")


def test_a_file_that_is_gone_on_the_way_is_named(folder, monkeypatch):
    for name in ("a.txt", "b.txt"):
        write(folder / name, "Fog")
    lstat = os.lstat

    def is_gone(path, **options):
        if str(path).endswith("a.txt"):
            raise FileNotFoundError(2, "No such file or directory", path)
        return lstat(path, **options)

    monkeypatch.setattr(os, "lstat", is_gone)
    [line] = problems(folder)
    assert line.startswith("a.txt: cannot be opened (No such file or directory)")
    rest = read_corpus(folder, skip_bad=True)
    assert rest.index.tolist() == ["b"]
    assert rest.attrs["skipped"] == [line]


def test_strange_characters_are_kept_and_can_be_written(folder):
    text = "Fog\r\n\rשלום \u202bעולם\u202c and zero\u200bwidth.\nMore\u2028lines.\n"
    (folder / "a.txt").write_bytes(text.encode())
    (folder / "b.txt").write_bytes(b"Half \xed\xa0\x80 of a character.\n")
    articles = read_corpus(folder)
    assert articles.raw["a"] == text
    assert articles.raw["b"] == "Half \ufffd of a character.\n"


def test_every_file_is_opened_once(folder, monkeypatch):
    for number in range(3):
        write(folder / f"{number}.txt", f"Day {number}")
    opened = []
    read_bytes = type(folder).read_bytes
    monkeypatch.setattr(
        type(folder), "read_bytes", lambda path: opened.append(path.name) or read_bytes(path)
    )
    read_corpus(folder)
    assert sorted(name for name in opened if name[1:] == ".txt") == ["0.txt", "1.txt", "2.txt"]


def test_files_of_a_source_have_the_names_that_articles_have(folder):
    write(folder / "deep" / "a.txt", "Fog")
    assert [file.name for file in files_of(folder)] == read_corpus(folder).file.tolist()


def test_progress_is_one_line_on_a_terminal_and_silence_elsewhere(folder, monkeypatch, capsys):
    for number in range(600):
        (folder / f"{number}.txt").write_text("Fog")
    list(files_of(folder))
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    list(files_of(folder))
    shown = capsys.readouterr().err
    assert shown.endswith("\r600 of 600 files read\n")
    assert shown.count("\n") == 1
