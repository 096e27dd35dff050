"""Whole dialogues as data: tests/conversations/*.yaml, played by people at doors.

people: {anna: applicant, office: staff at webchat}  # the first speaks where a step does not say who
doors: [console, webchat, telegram, wechat]  # left out: all; who is not said to be elsewhere is there
alone: true                                 # a Laurel of its own, for what concerns everybody
steps:
  - say: 报名要钱吗                           # or press: LABEL, where there are buttons
    as: anna
    expect: [无需任何费用]                     # each is in what is seen in answer
    once: [公司类型]                          # each is there exactly once
    not: [科创先锋]                           # none of these is
    offers: [同意]                            # buttons, or numbered where there are none
    keep: {receipt: "([A-Z]+-\\d{4}-\\d{6}-\\w)"}  # {receipt} in later steps
  - say: {repeat: 字, times: 120}             # a long text
  - submit: 示例智能科技有限公司                 # the TR50 form filled as briefly as it can be, in this company's name
  - later: 已提交                             # seen at the person's door sooner or later, asked for or not
  - kill: true                              # SIGKILL of the server, and a new start
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.e2e.doors import Door, wait_for
from tests.e2e.server import Server

FOLDER = Path(__file__).parents[1] / "conversations"
DOORS = ("console", "webchat", "telegram", "wechat")
_STEP = {"say", "press", "submit", "as", "expect", "once", "not", "offers", "keep", "later", "kill"}
_WORDS = ("/apply tr50", "同意", "同意", "中国本土公司", "{company}", "跳过", "跳过", "跳过")
_STORY = (*("一段说明。", "完成") * 5, *("跳过", "某案例", "一段说明。", "完成", "跳过", "完成", "跳过"))
_SHORTEST = (*_WORDS, *_STORY, "张三", "跳过", "anna@example.com", "跳过", "同意", "同意", "确认提交")
_ACTS = {"say", "press", "submit"}
_FILE = {"people", "doors", "alone", "steps"}


@dataclass(frozen=True)
class Dialogue:
    """One file. `people`: role and channel of each, "" for the door that it is played at."""

    name: str
    people: dict[str, tuple[str, str]]
    doors: tuple[str, ...]
    steps: tuple[dict[str, Any], ...]
    alone: bool = False


@dataclass
class Play:
    """A dialogue being played. `open_door` gives a person's door at a channel, `invite` a token for a role."""

    server: Server
    open_door: Callable[[str, str], Door]
    invite: Callable[[str], str]
    doors: dict[str, Door] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)

    def run(self, dialogue: Dialogue, channel: str) -> int:
        """Plays the steps; how many went as they say. Raises AssertionError that names the one that did not."""
        passed = 0
        for person, (role, place) in dialogue.people.items():
            self.doors[person] = self.open_door(place or channel, person)
            if role != "applicant":
                self.doors[person].say(f"/join {self.invite(role)}")
        first = next(iter(dialogue.people))
        try:
            for number, step in enumerate(dialogue.steps, 1):
                self._step(step, self.doors[step.get("as", first)], f"{dialogue.name}, step {number}")
                passed = number
        finally:
            for door in self.doors.values():
                door.close()
        return passed

    def _step(self, step: dict[str, Any], door: Door, where: str) -> None:
        if step.get("kill"):
            self._kill()
        if "later" in step:
            wait_for(door, self._filled(step["later"]))
        if _ACTS & set(step):
            seen = self._act(step, door)
            assert seen, f"{where}: no answer"
            self._check(step, "\n".join(seen), where)
            for label in step.get("offers", ()):
                assert door.offers(self._filled(label)), f"{where}: {label} is not offered in:\n{seen}"

    def _act(self, step: dict[str, Any], door: Door) -> list[str]:
        """What is seen in answer."""
        if "say" in step:
            return door.say(self._said(step["say"]))
        if "press" in step:
            return door.press(self._filled(step["press"]))
        return submit(door, self._filled(step["submit"]))

    def _check(self, step: dict[str, Any], seen: str, where: str) -> None:
        flat = _flat(seen)
        for text in step.get("expect", ()):
            assert _flat(self._filled(text)) in flat, f"{where}: no {text!r} in:\n{seen}"
        for text in step.get("once", ()):
            count = flat.count(_flat(self._filled(text)))
            assert count == 1, f"{where}: {text!r} is there {count} times in:\n{seen}"
        for text in step.get("not", ()):
            assert _flat(self._filled(text)) not in flat, f"{where}: {text!r} in:\n{seen}"
        for name, pattern in step.get("keep", {}).items():
            found = re.search(pattern, seen)
            assert found, f"{where}: nothing like {pattern} in:\n{seen}"
            self.kept[name] = found[1]

    def _kill(self) -> None:
        for door in self.doors.values():
            door.kill()
        self.server.kill()
        self.server.start()

    def _said(self, text: Any) -> str:
        if isinstance(text, dict):
            return str(text["repeat"]) * int(text["times"])
        return self._filled(text)

    def _filled(self, text: str) -> str:
        return re.sub(r"\{(\w+)\}", lambda found: self.kept.get(found[1], found[0]), str(text))


def submit(door: Door, company: str) -> list[str]:
    """Fills the TR50 form as briefly as it can be and submits it: what is seen at the end."""
    seen: list[str] = []
    for text in _SHORTEST:
        seen = door.say(text.format(company=company))
    return seen


def load_dialogues() -> Iterator[Dialogue]:
    """All dialogues of the folder. Raises ValueError for a key that no dialogue or step has."""
    for path in sorted(FOLDER.glob("*.yaml")):
        data = yaml.safe_load(path.read_text("utf-8"))
        steps = tuple(data["steps"])
        for keys, known in ((data, _FILE), *((step, _STEP) for step in steps)):
            if unknown := set(keys) - known:
                raise ValueError(f"{path.name}: {unknown}")
        people = {name: _place(role) for name, role in data.get("people", {"anna": "applicant"}).items()}
        yield Dialogue(path.stem, people, tuple(data.get("doors", DOORS)), steps, data.get("alone", False))


def _place(role: str) -> tuple[str, str]:
    word, _, channel = role.partition(" at ")
    return word, channel


def _flat(text: str) -> str:
    """Without white space: where a line breaks is the channel's affair."""
    return "".join(text.split())
