"""Files are there whole or not at all."""

import errno

import pytest

from harvest.disk import write_whole


def test_a_file_is_replaced_and_keeps_its_rights(tmp_path):
    """What only its owner may read stays so; a folder that is not there is made."""
    path = tmp_path / "new" / "notes.toml"
    write_whole(path, b"one")
    path.chmod(0o600)
    write_whole(path, b"two")
    assert path.read_bytes() == b"two"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_a_full_disk_leaves_what_was_there_and_nothing_else(tmp_path, monkeypatch):
    """Neither half a file under the name nor a whole one under another."""
    path = tmp_path / "notes.toml"
    write_whole(path, b"one")
    monkeypatch.setenv("HARVEST_FAILPOINT", "file_written:enospc")
    monkeypatch.setattr("harvest.failpoints._passed", {"file_written": 0})
    with pytest.raises(OSError) as refused:
        write_whole(path, b"two")
    assert refused.value.errno == errno.ENOSPC
    assert path.read_bytes() == b"one"
    assert list(tmp_path.iterdir()) == [path]
