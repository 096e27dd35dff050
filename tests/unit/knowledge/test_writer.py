from pathlib import Path
from typing import Any

import pytest

from knowledge.loader import parse
from knowledge.source import Node
from knowledge.writer import Noted, write_yaml


def plain(node: Node) -> Any:
    if isinstance(node.value, dict):
        return {key: plain(child) for key, child in node.value.items()}
    return [plain(child) for child in node.value] if isinstance(node.value, list) else node.value


@pytest.mark.parametrize(
    "value",
    [
        "不收取任何费用。",
        "请将材料：申报书、营业执照 # 共两份，发送至 a@example.org。",
        "- 1、启动（即日起）：征集专题上线；",
        "“引号” 'single' \"double\" {brace} [bracket] & * ! | > % @ `",
        "长" * 400,
        "两行\n文字\n",
        "两行\n  缩进",
        "no", "null", "12", "1.5", "2030-03-01", "2030-03-01T18:00", "", " 空白 ", "~",
        12, 1.5, None, True, [], {},
        {"a": {"b": ["c", {"d": "e", "f": ["g"]}]}},
        [{"a": 1}, {"b": [1, 2]}],
    ],
)  # fmt: skip
def test_loader_reads_back_what_was_written(tmp_path: Path, value: object) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(write_yaml({"key": value, "list": [value], "noted": Noted(value, "a note")}), "utf-8")
    assert plain(parse(path)) == {"key": value, "list": [value], "noted": value}


def test_comments_stand_where_an_editor_looks() -> None:
    values = {
        "year": Noted(2030, "from the title"),
        "fee": Noted({"value": 0, "quote": "不收取任何费用。"}, "says so"),
        "routes": [Noted({"kind": "email", "target": "a@example.org"}, "sent there")],
        "not_stated": [Noted("refund", "nothing found")],
    }
    assert write_yaml(values, "Proposed.\nLook at it.") == (
        "# Proposed.\n# Look at it.\n"
        "year: 2030  # from the title\n"
        "# says so\nfee:\n  value: 0\n  quote: 不收取任何费用。\n"
        "routes:\n  # sent there\n  - kind: email\n    target: a@example.org\n"
        "not_stated:\n  - refund  # nothing found\n"
    )
