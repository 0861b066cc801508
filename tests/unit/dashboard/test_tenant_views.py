"""Views' forms for one employer: whatever has an employer is read by the parameter; they take their views' places."""

from __future__ import annotations

import re

import pytest

from services.dashboard.queries import statements
from services.dashboard.tenant_views import for_one_employer, tenant_views

OF_EVERYBODY = {"catalog_achievements", "catalog_stacks", "arrivals"}
"""What has no employer: the catalog, and how long records took to come in."""
TABLE = re.compile(r"\b(?:FROM|JOIN) (?P<table>\w+)(?: FINAL)?(?P<next>\s+WHERE employer_id = \{employer_id:String\})?")


@pytest.mark.parametrize("name", sorted(tenant_views()))
def test_every_table_with_an_employer_is_read_by_the_parameter(name: str) -> None:
    """Its first condition is the tenant, with nothing that could widen it."""
    sql = tenant_views()[name]
    read = [found for found in TABLE.finditer(sql) if found["table"] not in OF_EVERYBODY]

    assert all(found["next"] for found in read)
    assert not re.search(r"\bOR\b", sql.replace("(ended_at IS NULL OR ended_at > now64(6))", ""))
    assert set(re.findall(r"\{(\w+):", sql)) == {"employer_id"} or not read


def test_a_form_takes_the_place_of_its_view() -> None:
    """Under the view's name or the alias that it had, wherever it is read; other views stay."""
    form = f"(\n{tenant_views()['v_freshness']}\n)"

    assert for_one_employer("FROM v_freshness WHERE x") == f"FROM {form} AS v_freshness WHERE x"
    assert for_one_employer("JOIN v_freshness AS f ON x") == f"JOIN {form} AS f ON x"
    assert for_one_employer("FROM v_pulse, (SELECT v_freshness)") == "FROM v_pulse, (SELECT v_freshness)"


@pytest.mark.parametrize("name", sorted(statements()))
def test_no_view_is_left_that_has_a_form(name: str) -> None:
    """What is sent reads none of these views by its name."""
    sent = for_one_employer(statements()[name])

    assert not set(re.findall(r"\b(?:FROM|JOIN) (\w+)", sent)) & set(tenant_views())
