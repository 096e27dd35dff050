"""Requests as no platform sends them: forged, old, damaged, too large."""

from typing import Protocol

from tests.standins.wechat_wire import Request, Wire


class Platform(Protocol):
    """What a forger has of the platform, and can only have by a leak."""

    wire: Wire
    last: Request | None

    def request(self, xml: str) -> Request:
        """A genuine request with any content."""

    def xml(self, openid: str, fields: dict[str, str | int]) -> str:
        """A message or event of a user."""

    def stamp(self) -> int:
        """The platform's time in seconds."""

    def new_id(self) -> int:
        """A message id as never before."""


class Forge:
    """Requests as no platform sends them, for `post_raw(*request)`."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def genuine(self, text: str = "你好") -> Request:
        """What the platform would send."""
        return self._platform.request(self._xml(text))

    def unsigned(self) -> Request:
        """Without a query."""
        return Request({}, self.genuine().body)

    def wrongly_signed(self) -> Request:
        """Signed with another token."""
        wire = self._platform.wire
        return Wire("guess", wire.app_id, wire.aes_key).push(self._xml("你好"), self._platform.stamp())

    def body_swapped(self) -> Request:
        """A genuine query with the body of another message."""
        return Request(self.genuine().query, self.genuine("另一条").body)

    def stale(self, minutes: int = 11) -> Request:
        """Genuine, but so many minutes old."""
        return self._platform.wire.push(self._xml("你好"), self._platform.stamp() - 60 * minutes)

    def replayed(self) -> Request:
        """The last genuine request, byte by byte."""
        assert self._platform.last is not None
        return self._platform.last

    def cut(self) -> Request:
        """The second half of the body did not arrive."""
        query, body = self.genuine()
        return Request(query, body[: len(body) // 2])

    def huge(self) -> Request:
        """A megabyte."""
        return self.genuine("长" * 400_000)

    def plain(self) -> Request:
        """An unencrypted message with a genuine plain signature."""
        return Wire(self._platform.wire.token, self._platform.wire.app_id).push(
            self._xml("你好"), self._platform.stamp()
        )

    def of_other_account(self) -> Request:
        """Encrypted for another app id."""
        wire = self._platform.wire
        return Wire(wire.token, "wx9999999999999999", wire.aes_key).push(self._xml("你好"), self._platform.stamp())

    def with_entities(self) -> Request:
        """A document type whose entities grow."""
        bomb = '<!DOCTYPE xml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        return self._platform.request(bomb + self._xml("x").replace("<![CDATA[x]]>", "&b;"))

    def not_xml(self) -> Request:
        """JSON."""
        return self._platform.request('{"text": "hello"}')

    def _xml(self, text: str) -> str:
        fields: dict[str, str | int] = {"MsgType": "text", "Content": text, "MsgId": self._platform.new_id()}
        return self._platform.xml("oForger", fields)
