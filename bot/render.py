"""Text from templates: "faq.what" and a locale become the block `what` of templates/<locale>/faq.j2."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import FileSystemLoader, StrictUndefined, Template, TemplateError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

TEMPLATES = Path(__file__).parent / "templates"
LOCALES = ("zh", "en")
_WEEKDAYS = {"zh": "一二三四五六日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}


class TextMistake(Exception):
    """A staff's text that cannot be rendered. `fields` are unknown names in it; empty where its syntax is at fault."""

    def __init__(self, fields: tuple[str, ...] = ()) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


def render(template: str, locale: str, **values: object) -> str:
    """The text of a template such as "faq.what". Raises KeyError for a block that does not exist."""
    name, block = template.split(".")
    loaded = _load(locale, name)
    context = loaded.new_context({"locale": locale, **values})
    return _tidy("".join(loaded.blocks[block](context)))


def render_staff_text(source: str, values: Mapping[str, str]) -> str:
    """Renders what staff wrote, with the fields given. Raises TextMistake for other fields or a broken template."""
    environment = _environment()
    try:
        unknown = meta.find_undeclared_variables(environment.parse(source)) - set(values)
        if unknown:
            raise TextMistake(tuple(sorted(unknown)))
        return environment.from_string(source).render(values)
    except TemplateError as error:
        raise TextMistake from error


def show_instant(instant: datetime, locale: str, zone: ZoneInfo) -> str:
    """An instant for people, in the programme's zone: 2024年10月20日（周日）24:00（北京时间）.

    Midnight is told as 24:00 of the day before, as deadlines are: the new day at 0:00 is too easily read as a day more.
    """
    local = instant.astimezone(zone)
    hour = local.strftime("%H:%M")
    if (local.hour, local.minute) == (0, 0):
        local, hour = local - timedelta(minutes=1), "24:00"
    day = _WEEKDAYS[locale][local.weekday()]
    if locale == "en":
        return f"{day} {local.day} {local.strftime('%B')} {local.year}, {hour} ({_zone_name(zone, locale)})"
    return f"{local.year}年{local.month}月{local.day}日（周{day}）{hour}（{_zone_name(zone, locale)}）"


def _zone_name(zone: ZoneInfo, locale: str) -> str:
    if zone.key == "Asia/Shanghai":
        return "Beijing time" if locale == "en" else "北京时间"
    return zone.key


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
    )
    environment.filters["instant"] = show_instant
    return environment


@cache
def _load(locale: str, name: str) -> Template:
    return _environment().get_template(f"{locale}/{name}.j2")


def _tidy(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())
