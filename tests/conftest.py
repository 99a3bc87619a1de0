"""The real scorer, loaded once a session: no test replaces a part of it."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

import scorer as package
from scorer import AnswerScorer, QuestionBank
from scorer.encoder import Encoder
from scorer.files import bundled
from scorer.lexicon import Rarity

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent
# Where the scorer under test lies, for processes of their own: the checkout, or what was installed from it.
PACKAGES = Path(package.__file__).resolve().parent.parent
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
os.environ.pop("SCORE_ANSWER_BANK", None)
# No test asserts a time: on a busy machine an example may take seconds.
settings.register_profile("no_deadline", deadline=None)
settings.load_profile("no_deadline")


def free_port() -> int | None:
    """A port of the loopback interface, None where there is none or it is down: then one can listen, not connect."""
    try:
        with socket.create_server(("127.0.0.1", 0)) as found:
            socket.create_connection(found.getsockname()).close()
            return int(found.getsockname()[1])
    except OSError:
        return None


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """References parsed by a test are not kept in the user's cache folder."""
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def scorer() -> AnswerScorer:
    return AnswerScorer()


@pytest.fixture(scope="session")
def encoder(scorer: AnswerScorer) -> Encoder:
    return scorer.gatherer.encoder


@pytest.fixture(scope="session")
def rarity() -> Rarity:
    return Rarity.load(bundled("models") / "word_counts.json")


@pytest.fixture(scope="session")
def reference() -> str:
    return QuestionBank().get("q7x2").references[0]


@pytest.fixture(scope="session")
def strong() -> str:
    return (ROOT / "seeds/answers/q7x2--strong.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def partial() -> str:
    return (ROOT / "seeds/answers/q7x2--partial.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def off_topic() -> str:
    return (ROOT / "seeds/answers/q7x2--off.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium that is installed; tests that ask for it are skipped where CHROMIUM is None."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()
