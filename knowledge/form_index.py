"""Where the fields of a form stand, noted once, so that a step through 500 fields does not go through them all."""

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from knowledge.text import fold

if TYPE_CHECKING:
    from knowledge.form import Field, Section, Stage

_COMPUTED = "computed"


class Index:
    """The fields of a form by key, by group, by what decides on them.

    `always` are the places (in `order`, from 0) of the fields that are asked at a stage whatever the answers are,
    `sometimes` the fields that other answers make appear there, `conditional` those of all stages by key.
    """

    def __init__(self, sections: "tuple[Section, ...]") -> None:
        self.order = [found for section in sections for found in section.fields]
        self.fields = {found.key: found for found in self.order}
        self.positions = {found.key: place for place, found in enumerate(self.order)}
        self.sections = {found.key: section for section in sections for found in section.fields}
        self.groups: dict[str, list[Field]] = defaultdict(list)
        self.conditional: dict[str, Field] = {}
        self.always: dict[Stage, list[int]] = defaultdict(list)
        self.sometimes: dict[Stage, list[Field]] = defaultdict(list)
        for place, found in enumerate(self.order):
            self._note(place, found)

    @cached_property
    def labels(self) -> "dict[str, tuple[str, str]]":
        """The labels of each field, folded and without white space: folding 500 of them costs more than a turn."""
        return {key: (_flat(found.label.zh), _flat(found.label.en)) for key, found in self.fields.items()}

    def _note(self, place: int, found: "Field") -> None:
        if found.group is not None:
            self.groups[found.group.key].append(found)
        hangs = bool(found.when) or any(option.when for option in found.options)
        if hangs:
            self.conditional[found.key] = found
        if found.type == _COMPUTED:
            return
        if hangs:
            self.sometimes[found.at].append(found)
        else:
            self.always[found.at].append(place)


def _flat(label: str) -> str:
    return "".join(fold(label).split())
