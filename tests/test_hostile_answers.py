"""Whatever stands where an answer should: every reader reads it, or refuses it by name, in bounded time."""

import copy
import json
import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harvest.errors import HarvestError, SourceBlocked, UnreadableAnswer
from harvest.sources import READERS, recognise
from service_answers import WHOLE, answer

KINDS = sorted(WHOLE)
EXAMPLES = int(os.environ.get("HOSTILE_EXAMPLES", "100"))  # more by hand: HOSTILE_EXAMPLES=10000
CALM = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))


def read(kind, body):
    """The contents, or None for a named refusal; what is read can be stored."""
    try:
        said = READERS[kind].read(answer(kind, body))
    except HarvestError as refused:
        assert str(refused)
        return None
    for record in said.records:
        assert record.title
        assert record.key
        assert len(record.author_keys) in (0, len(record.authors))
        assert len(record.roles) in (0, len(record.authors))
        assert "\x00" not in record.title
        repr(record).encode()
        assert record.id
    return said


@pytest.mark.parametrize("kind", KINDS)
def test_whole_answers_are_read(kind):
    """What the tests below damage is whole before."""
    for body in WHOLE[kind]:
        said = read(kind, body)
        assert said is not None
        assert said.records
        assert recognise(answer("", body)) == kind


@pytest.mark.parametrize("kind", KINDS)
@CALM
@given(data=st.data())
def test_cut_and_flipped_bytes_are_never_a_crash(kind, data):
    """Any bytes anywhere, and an end anywhere."""
    body = bytearray(answer(kind, data.draw(st.sampled_from(WHOLE[kind]))).body)
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(body) - 1))
        body[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    read(kind, bytes(body[: data.draw(st.integers(0, len(body)))] if data.draw(st.booleans()) else body))


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["10.1/x", "2024-13-45"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "value", "title"]), inner, max_size=2)
    ),
    max_leaves=5,
)


def _places(said, path=()):
    """Every place inside a JSON value."""
    for key, value in said.items() if isinstance(said, dict) else enumerate(said) if isinstance(said, list) else ():
        yield (*path, key)
        yield from _places(value, (*path, key))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if any(not isinstance(one, str) for one in WHOLE[kind])])
@CALM
@given(data=st.data())
def test_wrong_types_are_never_a_crash(kind, data):
    """Any field may hold anything, or be missing."""
    said = copy.deepcopy(data.draw(st.sampled_from([one for one in WHOLE[kind] if not isinstance(one, str)])))
    for _ in range(data.draw(st.integers(1, 3))):
        *way, last = data.draw(st.sampled_from(list(_places(said)) or [("x",)]))
        inside = said
        for step in way:
            inside = inside[step]
        if isinstance(inside, dict) and data.draw(st.booleans()):
            inside.pop(last, None)
        elif isinstance(inside, dict | list):
            inside[last] = data.draw(JUNK)
    read(kind, said)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if any(isinstance(one, str) for one in WHOLE[kind])])
@CALM
@given(data=st.data())
def test_elements_that_are_missing_or_doubled_are_never_a_crash(kind, data):
    """Well-formed, and yet not what it was: a whole element goes, comes twice, or says something else."""
    import re

    body = data.draw(st.sampled_from([one for one in WHOLE[kind] if isinstance(one, str)]))
    found = data.draw(
        st.sampled_from(list(re.finditer(r"<([\w:-]+)[^<>]*>[^<>]*</\1>", body)) or [re.search("x?", body)])
    )
    instead = data.draw(
        st.sampled_from(["", found[0] * 2, re.sub(r">[^<>]*<", ">9999-99-99<", found[0]), "<x/>", "<![CDATA[]]>"])
    )
    read(kind, body[: found.start()] + instead + body[found.end() :])


ANUBIS = "<!doctype html><html><head><title>Making sure you're not a bot!</title></head><body></body></html>"


@pytest.mark.parametrize("kind", KINDS)
def test_a_bot_check_is_blocked_and_an_apology_is_refused(kind):
    """Blocked is not empty, and neither is a page that says that the service is busy."""
    with pytest.raises(SourceBlocked):
        READERS[kind].read(answer(kind, ANUBIS))
    busy = "<html><head><title>503 Service Unavailable</title></head><body><p>Busy.</p></body></html>"
    for body in (
        busy,
        "Rate exceeded.",
        "",
        "\n",
        "{}",
        "[]",
        "null",
        "<x/>",
        '{"message": "Too Many Requests"}',
        b"\xff\xfe\x00",
    ):
        with pytest.raises(UnreadableAnswer) as refused:
            READERS[kind].read(answer(kind, body))
        assert not isinstance(refused.value, SourceBlocked)
        assert recognise(answer("", body)) is None


def _bombs():
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    yield f'<!DOCTYPE x [<!ENTITY e0 "lol">{entities}]><x>&e11;</x>'
    inside = '<dblp><article key="&e11;"><title>&e11;</title></article></dblp>'
    yield f'<!DOCTYPE dblp [<!ENTITY e0 "lol">{entities}]>{inside}'
    yield '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
    yield "<a>" * 100_000
    yield "[" * 500_000
    yield '{"a":' * 500_000
    yield json.dumps({"total": 1, "data": [{"paperId": "1", "title": "(" * 300_000}]})
    yield '{"total": ' + "9" * 100_000 + "}"
    yield "<dl id='articles'>" + "<dt>" * 50_000 + "</html>"


@pytest.mark.timeout(60)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("bomb", list(_bombs()), ids=range(9))
def test_bombs_do_not_go_off(kind, bomb):
    """Nested entities, files of ours, endless depth, numbers and brackets: little time, and nothing of ours inside."""
    said = read(kind, bomb)
    assert "root:" not in repr(said)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "text",
    ["(", "a, and ", "<i ", "&amp;", "v1 (", "\\\\", "{\\o}", "Mon, 1 Jan 2024 ", "[v1] ", "et al. ", "$", 'x="" '],
)
def test_no_text_takes_long(kind, text):
    """Every pattern is linear, or looks at a bounded part."""
    for body in WHOLE[kind]:
        whole = body if isinstance(body, str) else json.dumps(body)
        for place in ("Ada Lovelace", "Engines", "5 pages", "We analyse"):
            read(kind, whole.replace(place, json.dumps(text)[1:-1].replace("<", "&lt;") * 30_000, 1))
