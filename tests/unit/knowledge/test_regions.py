import pytest

from knowledge.regions import ABROAD, CHINA, regions, spelt_out, within


def test_region_is_spelt_out_among_other_words() -> None:
    words = spelt_out(["国内", "@china", "mainland"])
    assert words[0] == "国内"
    assert words[-1] == "mainland"
    assert {"苏州", "suzhou", "内蒙古", "西安"} <= set(words)


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


@pytest.mark.parametrize(
    ("text", "region", "names"),
    [
        ("从武汉寄到北京", CHINA, ["武汉", "北京"]),
        ("寄到新加坡", CHINA, []),
        ("寄到新加坡", ABROAD, ["新加坡"]),
        ("we are an indian firm", "asia-pacific", ["indian"]),
        ("an indiana company", ABROAD, []),
        ("about usage of it", ABROAD, []),
        ("内蒙古的企业", ABROAD, []),
        ("合法国企", ABROAD, []),
        ("法国公司", "elsewhere", ["法国"]),
        ("大连锁店", CHINA, []),
        ("中山大学", CHINA, []),
    ],
)
def test_places_of_a_text(text: str, region: str, names: list[str]) -> None:
    assert [text[start:end] for start, end in within(region, text)] == names
