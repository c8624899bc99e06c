import pytest

from ipamweb.web.carrying import carry

AT = "2026-11-22T12:20:00Z"
SAID = "at=2026-11-22T12%3A20%3A00Z"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<a href="/clusters/eu/">', f'<a href="/clusters/eu/?{SAID}">'),
        (
            '<a class="x" href="/clusters/eu/nodes/?sort=name#rows">',
            f'<a class="x" href="/clusters/eu/nodes/?sort=name&amp;{SAID}#rows">',
        ),
        ('<a href="/ip/10.0.0.1">', f'<a href="/ip/10.0.0.1?{SAID}">'),
        ('<a href="/clusters/eu/?at=x">', '<a href="/clusters/eu/?at=x">'),
        ('<a href="?a=1&amp;at=x">', '<a href="?a=1&amp;at=x">'),
        ('<a href="#main">', '<a href="#main">'),
        ('<a href="/account/">', '<a href="/account/">'),
        (
            '<a href="/clusters/eu/" data-leaves-past>',
            '<a href="/clusters/eu/" data-leaves-past>',
        ),
    ],
)
def test_a_link_into_a_cluster_carries_the_instant(before: str, after: str) -> None:
    assert carry(before, at=AT) == after


@pytest.mark.parametrize(
    ("form", "carries"),
    [
        ('<form method="get"><input name="q"></form>', True),
        ('<form action="/search"></form>', True),
        ('<form method="post"></form>', False),
        ('<form method="get"><input name="at"></form>', False),
    ],
)
def test_a_form_that_asks_for_a_page_carries_it_too(form: str, carries: bool) -> None:
    hidden = f'<input type="hidden" name="at" value="{AT}">'

    assert (hidden in carry(form, at=AT)) is carries
