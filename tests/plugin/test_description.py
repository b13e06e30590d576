"""The description of the routes: it is the documentation, and the routes do as it says."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from werkzeug.test import Client, EnvironBuilder
from werkzeug.wrappers import Request

from tensorboard_fgsm.plugin import FGSMPlugin, description, query
from tests.test_readme import page


def test_the_docs_show_the_described_routes() -> None:
    assert description.table() in page("routes")


def test_every_route_is_described() -> None:
    plugin = FGSMPlugin(SimpleNamespace(data_provider=None, flags=None))
    data = {route for route in plugin.get_plugin_apps() if "." not in route}
    assert data == {f"/{route.name}" for route in description.ROUTES}


@pytest.mark.parametrize(
    ("route", "argument"),
    [(route, argument) for route in description.ROUTES for argument in route.arguments],
    ids=lambda each: each.name,
)
def test_what_is_longer_than_described_is_refused_before_it_is_looked_at(route, argument) -> None:
    """Before anything is read, too: there is no data provider to read from."""
    apps = FGSMPlugin(SimpleNamespace(data_provider=None, flags=None)).get_plugin_apps()
    sensible = {"kind": "adversarial", "format": "png", "each": "2"}
    arguments = {each.name: sensible.get(each.name, "0") for each in route.arguments}
    arguments[argument.name] = "0" * (argument.longest + 1)
    with pytest.raises(Exception, match=argument.expected.replace("[", r"\[")) as refusal:
        Client(apps[f"/{route.name}"]).get(query_string=arguments)
    assert refusal.value.http_code == 400
    assert len(str(refusal.value)) < 200


def test_what_is_as_long_as_described_is_looked_at() -> None:
    name = "n" * description.ARGUMENTS["run"].longest
    request = Request(EnvironBuilder(query_string={"run": name}).get_environ())
    assert query.argument(request, "run") == name
    query.check_length(request)


def test_the_longest_query_holds_all_arguments_at_their_longest() -> None:
    for route in description.ROUTES:
        length = sum(len(each.name) + 2 + each.longest for each in route.arguments)
        assert length <= description.MAX_QUERY
