"""DBLP's whole dump, given by hand: what it says of our people is what the service would say, in bounded memory."""

import gzip
import hashlib
import re
import subprocess
import sys
import zlib
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from harvest import asking, pipeline
from harvest.acquire.channel import Channel
from harvest.acquire.packed import Packed
from harvest.errors import InputProblem
from harvest.model import Answer, Person
from harvest.plan import Plan
from harvest.settings import read_settings
from harvest.sources.dblp import Dblp
from harvest.sources.dblp_dump import pages_in
from harvest.store.warehouse import ask
from harvest.world import WorldServer, bindings, dblp, demo_dates

NOW = demo_dates()[-1]
HEAD = '<?xml version="1.0" encoding="ISO-8859-1"?>\n<!DOCTYPE dblp SYSTEM "dblp.dtd">\n<dblp>\n'
ADA = '<www mdate="2020-01-02" key="homepages/1/2-3"><author>Ada Lovelace 0003</author><author>Ada M&uuml;ller</author>'
ADA += '<title>Home Page</title><note type="affiliation">Mill</note></www>\n'


def work(*people, key="conf/ce/Ada26", inside="", **marks):
    """One record of proceedings; people as the dump names them."""
    names = "".join(f"<author>{name}</author>" for name in people)
    said = "".join(f' {name}="{value}"' for name, value in marks.items())
    body = f"{names}<title>Engines.</title><year>2026</year><booktitle>CE</booktitle>{inside}"
    return f'<inproceedings mdate="2026-02-03" key="{key}"{said}>{body}</inproceedings>'


def dump(folder, *records, head=HEAD, end="</dblp>\n"):
    """A dump of these records, packed."""
    path = folder / "dblp.xml.gz"
    path.write_bytes(gzip.compress((head + "".join(records) + end).encode("latin-1")))
    return path


def read(folder, *records, pid="1/2-3", **given):
    """What the dump says about one person, as the reader of the service's pages understands it."""
    page = pages_in(Packed(dump(folder, *records, **given)), [pid]).pages[pid]
    url = f"https://dblp.org/pid/{pid}.xml"
    return Dblp().read(Answer(source="dblp", url=url, body=page, received_at=NOW, person_id="ada"))


def given(path, people, whose="", **more):
    """The answers that a file gives about people, as `harvest run --from-file` takes them."""
    plan = Plan(people=tuple(people))
    moment = {"now": datetime(2026, 12, 1, tzinfo=UTC), "captured_at": datetime(2026, 6, 1, tzinfo=UTC)} | more
    return asking.by_hand(settings=read_settings(), plan=plan, given=[f"dblp{whose}={path}"], **moment)


def person(id="ada", pid="1/2-3"):
    return Person(id=id, name="Ada Lovelace", dblp_pid=pid)


def live(pid):
    """A person's page as the model of the service gives it."""
    return dblp.render(f"/pid/{pid}.xml", {}, NOW).body


def dumped(pages):
    """The dump of a service that has these pages: nobody has a pid in it but the homepages, which stand last."""
    text = b"".join(pages).decode("ascii")
    records = dict(re.findall(r'<r>(<\w+[^>]* key="([^"]+)"[^>]*>.*?)</r>', text, re.DOTALL))
    about = dict(re.findall(r'<person[^>]* key="(homepages/[^"]+)"[^>]*>(.*?)</person>', text, re.DOTALL))
    everybody = dict(re.findall(r'<author pid="([^"]+)">([^<]+)</author>', text))
    homes = {f"homepages/{pid}": f"<author>{name}</author>" for pid, name in everybody.items()} | about
    homes = [f'<www mdate="2022-01-10" key="{key}">{said}<title>Home Page</title></www>' for key, said in homes.items()]
    return [re.sub(r' pid="[^"]*"', "", one) for one in (*records, *homes)]


def test_the_dump_says_of_a_person_what_their_page_says(tmp_path):
    """Field by field, with everybody's pid: the records of both are the same records."""
    pids = [known["dblp_pid"] for known in bindings().values()]
    path = dump(tmp_path, *dumped(map(live, pids)))
    found = pages_in(Packed(path), pids)
    for pid in pids:
        pages = (found.pages[pid], live(pid))
        answers = [
            Answer(source="dblp", url=f"https://dblp.org/pid/{pid}.xml", body=one, received_at=NOW) for one in pages
        ]
        ours, theirs = map(Dblp().read, answers)
        assert len(theirs.records) > 2
        assert sorted(ours.records, key=repr) == sorted(theirs.records, key=repr)
        assert ours.total == theirs.total
        assert {"affiliation"} <= {one.kind for one in ours.remarks} <= {one.kind for one in theirs.remarks}


def test_a_person_is_their_names_with_numbers(tmp_path):
    """A homonym has another number or none; letters may be spelled in three ways; an editor is no author."""
    mine = [
        work("Bob", "Ada Lovelace 0003", key="conf/ce/1"),
        work("Ada M&uuml;ller", key="conf/ce/2"),
        work("Ada M&#252;ller", key="conf/ce/3"),
        work("Ada Müller", "Ada Lovelace 0003", key="conf/ce/4"),
        work(inside="<editor>Ada Lovelace 0003</editor>", key="conf/ce/5"),
    ]
    others = [work("Ada Lovelace", key="conf/ce/6"), work("Ada Lovelace 0001", key="conf/ce/7")]
    bob = '<www key="homepages/4/5"><author>Bob</author></www>'
    said = read(tmp_path, *others, *mine, ADA, bob)
    assert sorted((one.key, one.author_keys, one.roles) for one in said.records) == [
        ("conf/ce/1", ("4/5", "1/2-3"), ()),
        ("conf/ce/2", ("1/2-3",), ()),
        ("conf/ce/3", ("1/2-3",), ()),
        ("conf/ce/4", ("1/2-3", "1/2-3"), ()),
        ("conf/ce/5", ("1/2-3",), ("editor",)),
    ]
    assert [(one.kind, one.explanation) for one in said.remarks] == [("alias", "Ada Müller"), ("affiliation", "Mill")]


def test_a_pid_on_an_author_counts_more_than_the_name(tmp_path):
    """Should the dump say pids, as the pages do: one who bears the name by another pid is another person."""
    named = '<author pid="{}">Ada Lovelace 0003</author>'
    records = [work(inside=named.format(pid), key=f"conf/ce/{pid}") for pid in ("1/2-3", "9/9")]
    assert [one.key for one in read(tmp_path, *records).records] == ["conf/ce/1/2-3"]
    assert [one.key for one in read(tmp_path, *records, ADA).records] == ["conf/ce/1/2-3"]


def test_a_person_who_moved_is_followed(tmp_path):
    """The old homepage refers to the new one, which may stand before it; a ring of references leads nowhere."""
    moved = '<www key="homepages/7/8"><crossref>homepages/1/2-3</crossref></www>'
    said = read(tmp_path, ADA, work("Ada Lovelace 0003"), moved, pid="7/8")
    assert [one.key for one in said.records] == ["conf/ce/Ada26"]
    assert said.remarks[0].explanation == "DBLP has 7/8 as 1/2-3 now: put that in people.toml"
    ring = '<www key="homepages/1/1"><crossref>homepages/7/8</crossref></www>'
    ring += '<www key="homepages/7/8"><crossref>homepages/1/1</crossref></www>'
    assert not pages_in(Packed(dump(tmp_path, ring, work("Bob"))), ["7/8"]).pages


def test_titles_keep_their_letters_and_nothing_is_expanded(tmp_path):
    """The document type is not read: its letters are known, whatever else is named stays as it is."""
    inside = "<title>&Uuml;ber <i>n<sup>2</sup></i> &amp; &alpha; &evil;.</title>"
    record = work("Ada Lovelace 0003", inside=inside).replace("<title>Engines.</title>", "")
    assert [one.title for one in read(tmp_path, ADA, record).records] == ["Über n2 & α &evil;"]


@pytest.mark.parametrize(
    "head",
    [
        "<dblp>",
        '<?xml version="1.0"?><dblp >',
        '\xef\xbb\xbf<?xml version="1.0" encoding="utf-8"?>\n<dblp mdate="2026-01-01">',
        '<?xml version="1.0"?>\n<!-- CC0 - for all -->\n<!DOCTYPE dblp SYSTEM "dblp-2019-11-22.dtd">\n<dblp>',
    ],
)
def test_a_dump_may_begin_in_several_ways(tmp_path, head):
    """With or without what XML allows before its root."""
    records = [ADA.replace("&uuml;", "u"), work("Ada Lovelace 0003")]
    assert len(read(tmp_path, *records, head=head).records) == 1
    assert len(given(dump(tmp_path, *records, head=head), [person()])) == 1


def test_where_a_block_ends_changes_nothing(tmp_path, monkeypatch):
    """Tags, letters and records are parted by the ends of blocks."""
    records = [ADA, *(work("Ada Lovelace 0003", "J&uuml;rgen", key=f"conf/ce/{n}") for n in range(9)), work("Bob")]
    whole = read(tmp_path, *records)
    assert len(whole.records) == 9
    for size in (1000, 1001, 1013, 2049):
        monkeypatch.setattr("harvest.acquire.packed._BLOCK", size)
        assert read(tmp_path, *records) == whole


def test_a_dump_becomes_one_answer_for_each_person_and_says_where_from(tmp_path):
    """As the person's page, with the dump's name, hash and newest change; who is not in it is told."""
    path = dump(tmp_path, ADA, work("Ada Lovelace 0003"))
    people = [person(), person("bob", "5/5"), Person(id="carl", name="Carl")]
    told: list[str] = []
    with capture_logs() as logs:
        (answer,) = given(path, people, tell=told.append)
    assert (answer.url, answer.person_id, answer.received_at.month) == ("https://dblp.org/pid/1/2-3.xml", "ada", 6)
    assert answer.reason == "from the dump dblp.xml.gz, fetched by hand, its newest change of 2026-02-03"
    headers = dict(answer.headers)
    assert headers["content-location"] == "file:dblp.xml.gz"
    assert headers["dump-sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert headers["dump-newest-change"] == "2026-02-03"
    assert [(one["person"], one.get("reason", "")) for one in logs] == [
        ("bob", ""),
        ("carl", "people.toml gives no dblp_pid of theirs"),
    ]
    assert told[-1].endswith("100%")
    with capture_logs() as logs:
        assert given(path, people, whose=":ada") == (answer,)
    assert not logs


RECORDS = "".join(work(f"Bob {n:04}", key=f"conf/ce/{n}") for n in range(2000))
WHOLE = gzip.compress((HEAD + ADA + RECORDS + work("Ada Lovelace 0003") + "</dblp>").encode("latin-1"))
OWN = '<!DOCTYPE dblp [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><dblp>'


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (WHOLE[:-1], "breaks off; fetch it again, and compare"),
        (WHOLE[: len(WHOLE) // 2], "breaks off"),
        (WHOLE[:5000] + b"\x00\x00\x00" + WHOLE[5003:], "is damaged"),
        (WHOLE[:-8] + b"\x00" * 8, "is damaged"),
        (WHOLE + b"more", "is damaged"),
        (gzip.decompress(WHOLE)[:-7], "no whole XML"),
        (gzip.decompress(WHOLE)[:9000], "no whole XML"),
        (gzip.decompress(WHOLE) + b"<dblp>", "no whole XML"),
        (gzip.decompress(WHOLE).replace(b"</title>", b"", 1), "no whole XML"),
        (gzip.decompress(WHOLE).replace(b"<dblp>", b"<dblp><r>", 1), "no whole XML"),
        (HEAD.encode() + b"<article>" + b"<i>so long</i>" * 900_000, "no record ends"),
        (HEAD.encode() + b"<www key='homepages/1/2-3'>" * 500_000, "no record ends"),
        (OWN.encode() + work("Ada Lovelace 0003").encode() + b"</dblp>", "document type of its own"),
        (HEAD.replace("ISO-8859-1", "UTF-7").encode() + b"</dblp>", "it is in utf-7"),
        (HEAD.encode() + b"</dblp>", "knows none of /pid/1/2-3.xml"),
        (b"<html><title>Making sure you're not a bot!</title></html>", "bot check"),
    ],
    ids=range(16),
)
def test_a_dump_that_is_not_whole_is_refused_with_what_to_do(tmp_path, body, words):
    """Half a dump would look as if half of the works had been taken back."""
    path = tmp_path / "dblp.xml.gz"
    path.write_bytes(body)
    with pytest.raises(InputProblem, match=words):
        given(path, [person()])


def test_a_dump_is_no_older_than_what_it_says(tmp_path):
    """A wrong --captured-at would put new records into the past."""
    with pytest.raises(InputProblem, match="has changes of 2026-02-03 and was not fetched on 2026-01-01"):
        given(dump(tmp_path, ADA, work("Ada Lovelace 0003")), [person()], captured_at=datetime(2026, 1, 1, tzinfo=UTC))


def test_a_bin_of_people_not_told_apart_is_nobody(tmp_path):
    """As on the service's own page of it."""
    home = ADA.replace("<www", '<www publtype="disambiguation"')
    with pytest.raises(InputProblem, match="not told apart"):
        given(dump(tmp_path, home, work("Ada Lovelace 0003")), [person()])


@pytest.mark.parametrize(
    ("people", "whose", "words"),
    [
        (
            [person(), Person(id="carl", name="Carl")],
            ":carl",
            "no question about 'carl'.*known are ada.*; not carl, for",
        ),
        ([person()], ":nobody", "no question about 'nobody'.*known are ada$"),
        (
            [Person(id="carl", name="Carl")],
            "",
            "has no question that.*it asks about nobody in people.toml; not carl, for",
        ),
    ],
)
def test_a_file_about_nobody_says_who_could_be_meant(tmp_path, people, whose, words):
    """And why the others cannot: an identifier is missing."""
    with pytest.raises(InputProblem, match=words):
        given(dump(tmp_path, ADA), people, whose)


@pytest.mark.parametrize(
    "pack",
    [lambda body: body, gzip.compress, lambda body: gzip.compress(body[:9]) + gzip.compress(body[9:]) + b"\0" * 99],
)
def test_files_are_read_as_they_are(tmp_path, pack):
    """Plain, packed, and packed in several pieces with padding behind."""
    body = zlib.compress(b"Engines of brass. " * 99, 0) * 99
    path = tmp_path / "file"
    path.write_bytes(pack(body))
    assert b"".join(Packed(path).blocks()) == body


def test_a_run_from_the_dump_is_continued_by_the_service(tmp_path):
    """The same list, whoever brought it: when the service answers again, nothing has changed and nothing is new."""
    known = [(id, one["dblp_pid"]) for id, one in bindings().items()]
    path = dump(tmp_path, *dumped(live(pid) for _, pid in known))
    settings = {"home": tmp_path / "home", "pace": 0}
    with WorldServer(NOW) as world:
        settings = read_settings(**world.settings(), **settings)
        plan = Plan(people=tuple(Person(id=id, name=id, dblp_pid=pid) for id, pid in known), sources=(Dblp(),))
        files = asking.by_hand(settings=settings, plan=plan, given=[f"dblp={path}"], now=NOW, captured_at=NOW)
        first = pipeline.harvest(settings=settings, plan=plan, now=NOW, channel=Channel(by_hand=files))
        assert (first.exit_code, first.requests, len(world.log)) == (0, 0, 0)
        assert first.records > 5
        later = pipeline.harvest(settings=settings, plan=plan, now=NOW + timedelta(days=1))
    assert len(world.log) == len(known)
    assert (later.records, later.changes, later.held) == (0, 0, 0)
    reasons = ask(settings.home, "select distinct reason from answers order by all")[1]
    assert any("from the dump" in reason for (reason,) in reasons)


def test_a_dump_of_any_size_is_read_in_little_memory(tmp_path):
    """Fifty megabytes, of which nothing is kept but one person's records; the interpreter's own memory is taken off."""
    program = f"""
import resource, sys
from pathlib import Path
from harvest.acquire.packed import Packed
from harvest.sources.dblp_dump import pages_in
from lxml import etree
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
before = peak()
found = pages_in(Packed(Path({str(tmp_path / "dblp.xml.gz")!r})), ["1/2-3"])
print(found.pages["1/2-3"].count(b"<r>"), peak() - before)
"""
    many = gzip.compress(RECORDS.encode(), 1) * 150
    parts = (
        gzip.compress((HEAD + ADA).encode()),
        many,
        gzip.compress((work("Ada Lovelace 0003") + "</dblp>").encode()),
    )
    (tmp_path / "dblp.xml.gz").write_bytes(b"".join(parts))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    count, grown = done.stdout.split()
    assert count == "1"
    assert float(grown) < 40
