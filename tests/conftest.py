"""What many tests share. Nothing heavy: a test that needs a server or a warehouse makes its own."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(autouse=True)
def _no_settings_of_ours(monkeypatch):
    """What the developer has set for their own warehouse is no part of a test."""
    for name in [name for name in os.environ if name.startswith("HARVEST_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def home(tmp_path) -> Path:
    """A place for a warehouse that does not exist yet."""
    return tmp_path / "warehouse"


@pytest.fixture
def now() -> datetime:
    """The moment that tests call now."""
    return datetime(2025, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def shared() -> Path:
    """The folder of recordings and truths beside the checkout, where there is one."""
    if not SHARED.is_dir():
        pytest.skip("no folder of recordings beside this checkout")
    return SHARED
