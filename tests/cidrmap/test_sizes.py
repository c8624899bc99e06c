import pytest

from ipamweb.cidrmap.sizes import addresses, magnitude


@pytest.mark.parametrize(
    ("number", "family", "words"),
    [
        (256, 6, "256"), (1 << 64, 6, "2^64"), ((1 << 64) - 256, 6, "2^64 − 256"),
        (1 << 24, 4, "16\u202f777\u202f216"), (5 << 70, 6, "≈ 5.9 × 10^21"),
    ],
)  # fmt: skip
def test_a_size_is_told_in_words(number: int, family: int, words: str) -> None:
    assert addresses(number, family) == words


def test_how_large_a_number_is() -> None:
    assert magnitude(1 << 64) == "≈ 1.8 × 10^19"
