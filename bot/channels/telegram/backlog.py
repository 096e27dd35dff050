"""Which updates are fetched, which of them are done, and up to where they may be confirmed. Pure."""


class Backlog:
    """The numbers of updates on their way. Telegram forgets every update below the offset that it is asked for."""

    def __init__(self) -> None:
        self._open: set[int] = set()
        self._done: set[int] = set()
        self._next = 0

    def __bool__(self) -> bool:
        """Whether anything is still to be done."""
        return bool(self._open)

    @property
    def offset(self) -> int:
        """The first update that is not done; 0 where there is no saying."""
        return min(self._open, default=self._next)

    def add(self, number: int) -> bool:
        """Takes a fetched update in. False for one that is here already: until it is confirmed, it is fetched again."""
        if number in self._open or number in self._done:
            return False
        self._open.add(number)
        self._next = max(self._next, number + 1)
        return True

    def finish(self, number: int) -> None:
        """An update is done: committed, or set aside for good."""
        self._open.discard(number)
        self._done.add(number)
        self._done = {done for done in self._done if done >= self.offset}

    def rest(self) -> None:
        """All is confirmed and nothing new came. After a week of that, Telegram may begin with smaller numbers."""
        self._done.clear()
        self._next = 0
