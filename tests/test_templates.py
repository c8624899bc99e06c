"""Templates show what a view has asked for: they run no SQL."""

import pytest
from django.db import connection
from django.template import Context, Template, engines
from django.template.base import Template as BaseTemplate

from ipamweb.mirror.models import Cluster
from tests.published import PAGES
from tests.source import ROOT

pytestmark = pytest.mark.django_db


class Asked(AssertionError):
    """A template ran SQL."""


def no_sql(execute: object, sql: str, *_: object) -> None:
    raise Asked(sql)


@pytest.fixture
def templates_without_sql(monkeypatch) -> None:
    """Refuse SQL while a template is rendered, and only then."""
    render = BaseTemplate.render

    def guarded(self: BaseTemplate, context: Context) -> str:
        with connection.execute_wrapper(no_sql):
            return render(self, context)

    monkeypatch.setattr(BaseTemplate, "render", guarded)


@pytest.mark.usefixtures("templates_without_sql")
@pytest.mark.parametrize("path", PAGES.values())
def test_a_template_runs_no_sql(signed_in, path):
    assert signed_in.get(path).status_code == 200


@pytest.mark.usefixtures("templates_without_sql")
def test_a_template_that_asks_would_be_caught():
    template = Template("{{ clusters.count }}")

    with pytest.raises(Asked):
        template.render(Context({"clusters": Cluster.objects}))


@pytest.mark.parametrize(
    "file",
    [pytest.param(file, id=file.name) for file in (ROOT / "templates").rglob("*.html")],
)
def test_a_template_can_be_read_and_holds_no_style_and_no_script(file):
    engines["django"].get_template(str(file.relative_to(ROOT / "templates")))
    text = file.read_text()

    assert "<style" not in text
    assert " style=" not in text
    assert "<script>" not in text
    assert "javascript:" not in text
    assert " onclick=" not in text
