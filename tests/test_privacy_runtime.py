"""Does a note stay in the process: no connection, no file, no word on the outputs while it is read?"""

from __future__ import annotations

import json
import logging
import os
import socket
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any, NoReturn

import pytest

from ablacode import CodeSuggester
from ablacode.errors import AblacodeError

ROOT = Path(__file__).parents[1]
NAME = "Wilhelmina Quastenflosser"
NOTE = f"Patient: {NAME}\n" + (ROOT / "examples/notes/ir/ct-microwave.txt").read_bytes().decode("utf-8")
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "nlp"), "PYTHONDONTWRITEBYTECODE": "1"}
WATCHED = """
import json, os, sys
events = []
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND
def watch(event, arguments):
    if event.startswith(("socket.", "urllib.", "http.", "ftplib.", "smtplib.", "subprocess.", "os.system")):
        events.append(event)
    elif event in ("os.mkdir", "os.rename", "os.remove", "os.link", "os.symlink", "os.truncate", "shutil.copyfile"):
        events.append(event)
    elif event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITES:
        events.append(f"open {arguments[0]}")
"""
ASK = """
text = sys.stdin.read()
from ablacode import CodeSuggester
suggester = CodeSuggester()
before = list(events)
records = [suggester.suggest(text, note_id="n"), *suggester.suggest_many([text, "", text[:300]])]
print(json.dumps({"before": before, "while": events[len(before):], "decisions": [r.decision for r in records]}))
"""
SELF_TEST = """
import socket, subprocess, tempfile
with tempfile.TemporaryDirectory() as folder:
    open(os.path.join(folder, "x"), "w").close()
subprocess.run([sys.executable, "-c", ""])
socket.socket().close()
print(json.dumps(sorted({event.partition(" ")[0] for event in events})))
"""


@pytest.fixture(scope="module")
def suggester() -> CodeSuggester:
    return CodeSuggester()


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", WATCHED + "sys.addaudithook(watch)\n" + code],
        input=NOTE, env=ENVIRONMENT, capture_output=True, text=True,
    )  # fmt: skip


def test_a_fresh_process_connects_to_nothing_writes_nothing_and_says_nothing() -> None:
    done = run(ASK)
    assert (done.returncode, done.stderr) == (0, "")
    seen = json.loads(done.stdout)
    assert seen["while"] == []
    assert [
        event for event in seen["before"] if event.startswith(("socket.connect", "socket.getaddrinfo", "urllib"))
    ] == []
    assert [event for event in seen["before"] if event.startswith(("open", "os."))] == []
    assert seen["decisions"][:3] == ["suggest", "suggest", "review"]


def test_the_watch_sees_what_it_looks_for() -> None:
    assert json.loads(run(SELF_TEST).stdout) == ["open", "os.mkdir", "os.remove", "socket.__new__", "subprocess.Popen"]


def _refuse(*_arguments: Any, **_options: Any) -> NoReturn:
    raise AssertionError("a connection was tried")


def test_the_answer_is_the_same_without_a_network(suggester: CodeSuggester, monkeypatch: pytest.MonkeyPatch) -> None:
    with_network = suggester.suggest(NOTE)
    for name in ("socket", "create_connection", "getaddrinfo", "gethostbyname"):
        monkeypatch.setattr(socket, name, _refuse)
    assert CodeSuggester().suggest(NOTE) == suggester.suggest(NOTE) == with_network


def test_nothing_is_logged_or_warned(suggester: CodeSuggester, caplog: pytest.LogCaptureFixture, capfd: Any) -> None:
    with caplog.at_level(logging.DEBUG), warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        suggester.suggest(NOTE)
    assert caplog.text == ""
    assert [str(warning.message) for warning in warned] == []
    assert capfd.readouterr() == ("", "")


def test_importing_leaves_the_warnings_of_the_process_alone() -> None:
    """medSpaCy silences all of them when it is imported; numpy's own filters are numpy's."""
    code = "import warnings, numpy; before = list(warnings.filters); import ablacode.suggester; print(before == warnings.filters)"
    assert run(code).stdout == "True\n"


def test_two_processes_say_nothing_either() -> None:
    code = (
        "from ablacode import CodeSuggester\n"
        "texts = [sys.stdin.read()] * 3\n"
        "print([r.decision for r in CodeSuggester().suggest_many(texts, jobs=2)])\n"
    )
    done = run(code)
    assert (done.stdout, done.stderr) == ("['suggest', 'suggest', 'suggest']\n", "")


@pytest.mark.parametrize("bad", [NAME.encode(), {"text": NAME}, [NAME]], ids=["bytes", "dict", "list"])
def test_what_is_no_text_is_refused_without_a_word_of_it(suggester: CodeSuggester, bad: Any) -> None:
    with pytest.raises((AblacodeError, TypeError, AttributeError)) as caught:
        suggester.suggest(bad)
    assert not any(part in str(caught.value) for part in NAME.split())
