import pytest

from knowledge.regions import cities, regions, spelt_out


def test_region_is_spelt_out_among_other_words() -> None:
    words = spelt_out(["国内", "@china", "mainland"])
    assert words[0] == "国内"
    assert words[-1] == "mainland"
    assert {"苏州", "suzhou", "内蒙古"} <= set(words)


def test_abroad_is_all_that_is_not_china() -> None:
    found = regions()
    assert not set(found["abroad"]) & set(found["china"])
    assert {"越南", "hong kong", "kazakhstan", "丹麦"} <= set(found["abroad"])


def test_unknown_region_is_an_error() -> None:
    with pytest.raises(KeyError, match="atlantis"):
        spelt_out(["@atlantis"])


def test_places_are_listed_once() -> None:
    listed = [name for region, names in regions().items() if region != "abroad" for name in names]
    assert len(listed) == len(set(listed))


def test_cities_of_a_text() -> None:
    assert cities("从武汉寄到北京") == {"武汉", "北京"}
    assert cities("寄到新加坡") == set()
