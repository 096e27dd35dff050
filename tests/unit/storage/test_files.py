import errno
import hashlib
import os
import stat
import time
from datetime import timedelta
from pathlib import Path

import pytest

from storage.errors import NoSuchFile, StoreFull
from storage.files import LocalFiles, Stored

TEXT = b"a lantern " * 1000
KEY = hashlib.sha256(TEXT).hexdigest()
HOUR = timedelta(hours=1)


@pytest.fixture
def store(tmp_path: Path) -> LocalFiles:
    return LocalFiles(tmp_path / "files")


def put(store: LocalFiles, content: bytes = TEXT) -> Stored:
    upload = store.open_upload()
    for start in range(0, len(content), 1000):
        upload.write(content[start : start + 1000])
    return upload.commit()


def age(path: Path, hours: float) -> None:
    then = time.time() - hours * 3600
    os.utime(path, (then, then))


def files_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_commit_keeps_the_content_under_its_digest(store: LocalFiles, tmp_path: Path) -> None:
    assert put(store) == Stored(KEY, len(TEXT))
    assert files_in(tmp_path / "files") == [".lock", f"{KEY[:2]}/{KEY[2:]}"]
    with store.open(KEY) as file:
        assert file.read() == TEXT
    assert store.path(KEY).read_bytes() == TEXT


def test_commit_of_the_same_content_keeps_it_once(store: LocalFiles, tmp_path: Path) -> None:
    assert put(store) == put(store)
    assert len(files_in(tmp_path / "files")) == 2


def test_content_is_readable_by_its_owner_alone(store: LocalFiles) -> None:
    put(store)
    assert stat.S_IMODE(store.path(KEY).stat().st_mode) == 0o600


def test_empty_content_is_content(store: LocalFiles) -> None:
    assert store.open_upload().commit() == Stored(hashlib.sha256(b"").hexdigest(), 0)


def test_flush_lets_read_what_is_not_kept_yet(store: LocalFiles) -> None:
    upload = store.open_upload()
    upload.write(TEXT)
    assert upload.flush().read_bytes() == TEXT
    with pytest.raises(NoSuchFile):
        store.path(KEY)
    upload.abort()


def test_abort_leaves_nothing(store: LocalFiles, tmp_path: Path) -> None:
    upload = store.open_upload()
    upload.write(TEXT)
    upload.abort()
    upload.abort()
    assert files_in(tmp_path / "files") == []


class FullDisk:
    """A file on a disk that has room for no more."""

    def __init__(self, file: object, *, at: str) -> None:
        self._file, self._at = file, at

    def __getattr__(self, name: str) -> object:
        if name == self._at:
            raise OSError(errno.ENOSPC, "No space left on device")
        return getattr(self._file, name)


@pytest.mark.parametrize("at", ["write", "flush"])
def test_full_disk_is_told_and_leaves_nothing(store: LocalFiles, tmp_path: Path, at: str) -> None:
    upload = store.open_upload()
    upload.write(TEXT)
    upload._file = FullDisk(upload._file, at=at)  # type: ignore[assignment]
    with pytest.raises(StoreFull):
        upload.write(TEXT) if at == "write" else upload.commit()
    upload.abort()
    assert [name for name in files_in(tmp_path / "files") if name != ".lock"] == []


def test_full_disk_at_the_beginning_is_told(store: LocalFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.EDQUOT, "Disk quota exceeded")

    monkeypatch.setattr(os, "open", full)
    with pytest.raises(StoreFull):
        store.open_upload()


@pytest.mark.parametrize("key", ["", "../../etc/passwd", "ab", KEY.upper(), KEY + "0", f"{KEY}/..", "\x00" * 64])
def test_key_that_is_none_names_no_file(store: LocalFiles, key: str) -> None:
    put(store)
    with pytest.raises(NoSuchFile):
        store.open(key)
    with pytest.raises(NoSuchFile):
        store.delete(key)


def test_delete_removes_content_once(store: LocalFiles) -> None:
    put(store)
    assert [store.delete(KEY), store.delete(KEY)] == [True, False]
    with pytest.raises(NoSuchFile):
        store.path(KEY)


def test_delete_spares_what_was_uploaded_again(store: LocalFiles) -> None:
    put(store)
    age(store.path(KEY), 2)
    assert list(store.keys(idle=HOUR)) == [KEY]
    put(store)
    assert (list(store.keys(idle=HOUR)), store.delete(KEY, idle=HOUR)) == ([], False)
    age(store.path(KEY), 2)
    assert store.delete(KEY, idle=HOUR) is True


def test_keys_are_those_of_content_alone(store: LocalFiles, tmp_path: Path) -> None:
    assert list(store.keys()) == []
    put(store)
    (tmp_path / "files" / KEY[:2] / "notes.txt").write_text("somebody's notes")
    half = store.open_upload()
    half.write(b"half")
    assert list(store.keys()) == [KEY]
    half.abort()


def test_sweep_removes_uploads_that_a_crash_cut(store: LocalFiles, tmp_path: Path) -> None:
    old, new = store.open_upload(), store.open_upload()
    for upload in (old, new):
        upload.write(TEXT)
    age(old.flush(), 25)
    assert store.sweep() == 1
    old.abort()
    assert new.commit().key == KEY
    assert len(files_in(tmp_path / "files")) == 2


def test_slow_upload_counts_as_uploaded_at_its_end(store: LocalFiles) -> None:
    upload = store.open_upload()
    upload.write(TEXT)
    age(upload.flush(), 2)
    upload.commit()
    assert list(store.keys(idle=HOUR)) == []
