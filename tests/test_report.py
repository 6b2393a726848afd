"""Are the pages complete, self-contained and safe against what a note holds?"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ablacode.domain import Alert, CodeSuggestion, Engine, Evidence, Fact, Gap, Mention, Reason, Record, Rejected
from ablacode.notice import CPT_NOTICE
from ablacode.report.pages import index_page, note_page
from ablacode.report.view import index_row

TEXT = "History: cryoablation in 2021.\r\nA probe was placed percutaneously.\nMicrowave energy was delivered.\n"


def sha(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def words(text: str, axis: str, section: str = "procedure") -> Evidence:
    start = TEXT.index(text)
    return Evidence(start, start + len(text), axis, text, section)


SKIN, ENERGY, COLD = (
    words("percutaneously", "approach"),
    words("Microwave energy", "modality"),
    words("cryoablation", "modality", "history"),
)
SUGGEST = Record(
    note_id="2025/a.txt",
    note_sha256=sha(TEXT),
    date_of_service="2025-03-04",
    engine=Engine("0.1.0", "a" * 64, "b" * 64),
    decision="suggest",
    codes=(
        CodeSuggestion("47382", 1, 0.97, "percutaneous", "microwave", "Through the skin.", ("R1",), (SKIN, ENERGY)),
    ),
    rejected=(Rejected("47383", "the cryoablation is from 2021", (COLD,)),),
    approach=Fact("percutaneous", (SKIN,)),
    modality=Fact("microwave", (ENERGY,)),
    alerts=(Alert("microwave-as-rf", "info", "Counts as radiofrequency.", ("R9",), (ENERGY,)),),
    gaps=(Gap("images-archived", "note", "No archived images.", ("R30",)),),
    mentions=(
        Mention(
            COLD.start, COLD.end, "modality", "cryo", "cryoablation", "history", "historical", 0.9, "mod-1", "in 2021"
        ),
    ),
)
REVIEW = replace(
    SUGGEST,
    note_id="2025/b.txt",
    decision="review",
    codes=(),
    candidates=SUGGEST.codes,
    reasons=(Reason("approach-not-documented", "Which way in?", (ENERGY,)),),
)
NONE = Record("2025/c.txt", sha(TEXT), None, Engine("0.1.0", "a" * 64), "none", screened=True)


class Page(HTMLParser):
    """Reads a page as a browser does: line ends first, then tags."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.note = ""
        self.all = ""
        self._depth = 0
        self.feed(re.sub("\r\n?", "\n", page))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if ("id", "note-text") in attrs:
            self._depth = 1
        elif self._depth:
            self._depth += 1

    def handle_endtag(self, tag: str) -> None:
        self._depth = max(self._depth - 1, 0)

    def handle_data(self, data: str) -> None:
        if self.cdata_elem is None:  # neither style nor script
            self.all += data
        if self._depth:
            self.note += data

    def values(self, name: str) -> list[str]:
        return [attrs[name] or "" for _, attrs in self.tags if name in attrs]


SAYS = {
    "decision": (SUGGEST, ["suggest", "Code suggested", "47382", "97%", "Through the skin.", "2025-03-04"]),
    "quotes-with-line": (SUGGEST, ["line 2", "line 3", "procedure"]),
    "alert-gap-rejected": (
        SUGGEST,
        ["Counts as radiofrequency.", "No archived images.", "the cryoablation is from 2021", "R30"],
    ),
    "legend": (SUGGEST, ["Approach", "Energy", "Target", "Performed", "Count", "Guidance", "does not count"]),
    "review": (REVIEW, ["A person must look", "Which way in?", "If the open point were settled", "47382"]),
    "none": (NONE, ["Nothing to code", "it was not read further"]),
    "fact-not-stated": (SUGGEST, ["not stated"]),
    "notice": (NONE, [CPT_NOTICE]),
}


@pytest.mark.parametrize("name", SAYS)
def test_page_says(name: str) -> None:
    record, expected = SAYS[name]
    page = Page(note_page(record, TEXT))
    assert [part for part in expected if part not in page.all] == []


@pytest.mark.parametrize("record", [SUGGEST, REVIEW, NONE], ids=lambda record: record.decision)
def test_text_comes_through_with_every_link_leading_somewhere(record: Record) -> None:
    page = Page(note_page(record, TEXT))
    assert page.note == TEXT
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    links = {href[1:] for href in page.values("href")}
    assert links <= set(ids)
    assert bool(links) == (record.decision != "none")


def test_marks_say_more_than_colour() -> None:
    page = Page(note_page(SUGGEST, TEXT))
    marks = [attrs for tag, attrs in page.tags if tag == "mark"]
    assert [(attrs["class"], attrs["data-tag"]) for attrs in marks] == [
        ("k-modality r-uncounted", "history"),
        ("k-approach r-answer", "Approach"),
        ("k-modality r-answer", "Energy"),
    ]
    title = marks[0]["title"] or ""
    assert [part for part in ("modality: cryo", "history (90%)", "mod-1", "in 2021") if part not in title] == []


@pytest.mark.parametrize("text", [None, TEXT + "changed"], ids=["missing", "changed"])
def test_a_text_that_does_not_belong_to_the_record_is_not_marked(text: str | None) -> None:
    page = Page(note_page(SUGGEST, text))
    assert page.note == ""
    assert page.values("href") == []
    assert "of this note" in page.all


@pytest.mark.parametrize(
    "page", [note_page(SUGGEST, TEXT), index_page([index_row(SUGGEST, href="notes/a.html")])], ids=["note", "index"]
)
def test_page_needs_nothing_from_outside(page: str) -> None:
    read = Page(page)
    assert {tag for tag, _ in read.tags} & {"link", "img", "iframe", "object", "embed", "base"} == set()
    assert read.values("src") == [] and read.values("style") == []
    assert "url(" not in page and "@import" not in page and "://" not in page
    policy = next(attrs["content"] or "" for tag, attrs in read.tags if attrs.get("http-equiv"))
    assert policy.startswith("default-src 'none'; ") and "unsafe" not in policy
    for name in ("style", "script"):
        for content in re.findall(f"<{name}>(.*?)</{name}>", page, re.DOTALL):
            digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
            assert f"{name}-src 'sha256-{digest}'" in policy


def test_index_counts_and_lists() -> None:
    rows = [index_row(SUGGEST, href="notes/a.html"), index_row(REVIEW, href="notes/b.html"), index_row(NONE)]
    page = Page(index_page(rows, title="March"))
    assert page.values("href") == ["notes/a.html", "notes/b.html"]
    assert page.values("data-decision") == ["suggest", "review", "none"]
    expected = ["March", "2025/c.txt", "47382?", "97%", "Which way in?", "1 alert", CPT_NOTICE, "percutaneous"]
    assert [part for part in expected if part not in page.all] == []
    assert re.sub(r"\s+", " ", page.all).count("3 notes") == 1


# --- what a note may hold -------------------------------------------------------------------------------------------

HOSTILE = st.lists(
    st.sampled_from(
        (
            *(
                "<script>alert(1)</script>",
                "</div></span>",
                "<!--",
                "]]>",
                "&amp;",
                "&#13;",
                "&lt",
                "\"'",
                "</mark>",
                "<",
            ),
            *("&", "\r\n", "\r", "\n", "\t", "\x00", "\x0c", "\x1b", "\x85", "\u2028", "\ud800", "𝄞", "a", " "),
        )
    ),
    max_size=12,
).map("".join)


@settings(deadline=None)
@given(HOSTILE, HOSTILE, st.lists(st.tuples(st.integers(0, 40), st.integers(1, 30)), max_size=4))
def test_hostile_text_parses_to_the_same_text(text: str, other: str, places: list[tuple[int, int]]) -> None:
    evidence = tuple(
        Evidence(start, min(start + size, len(text)), "target", text[start : start + size], other)
        for start, size in places
        if start < len(text)
    )
    record = Record(
        *(other or None, sha(text), other, Engine("0.1.0", "a" * 64), "review"),
        reasons=(Reason(other, other, evidence),),
        alerts=(Alert(other, "info", other, (other,), evidence),),
        modality=Fact(other, evidence[:1]),
        mentions=tuple(Mention(e.start, e.end, "modality", other, e.text, other, "planned") for e in evidence),
    )
    source = note_page(record, text, index_href="../index.html")
    source.encode("utf-8")
    page = Page(source)
    # What HTML cannot hold stands as one replacement character, so that offsets stay.
    assert page.note == re.sub("[\x00\ud800-\udfff]", "\ufffd", text)
    assert "script" not in {tag for tag, _ in page.tags}
    Page(index_page([index_row(record)])).all.encode("utf-8")
