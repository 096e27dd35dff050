"""Sizes of files for people, the same everywhere: 150K, 1.15M, 2G, as guides write them.

Bounds are read to the sender's advantage: a lower one counts in units of 1000, an upper one in units of 1024. A size is
shown so that what keeps them looks as if it did.
"""

_KILO, _KIBI = 1000, 1024


def show_size(size: int) -> str:
    """The size of a file in bytes: below 1024² in units of 1000, rounded down, from there on in units of 1024."""
    return f"{max(1, size // _KILO)}K" if size < _KIBI**2 else upper_size(size)


def upper_size(size: int, *, up: bool = True) -> str:
    """An upper bound, or what is beside one, with at most two decimals; rounded `up` or down."""
    return _in_units(size, _KIBI, up=up)


def lower_size(size: int, *, up: bool = True) -> str:
    """A lower bound, or what is beside one, likewise."""
    return _in_units(size, _KILO, up=up)


def _in_units(size: int, base: int, *, up: bool) -> str:
    unit, name = next(((base**power, name) for power, name in ((3, "G"), (2, "M")) if size >= base**power), (base, "K"))
    hundredths = -(-size * 100 // unit) if up else size * 100 // unit
    return f"{hundredths / 100:.2f}".rstrip("0").rstrip(".") + name
