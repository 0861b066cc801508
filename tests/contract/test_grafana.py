"""Grafana's files: generated from the panels, provisioned by one data source, over what their readers may read."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from deploy.grafana.__main__ import DASHBOARDS, main
from deploy.grafana.boards import COLUMNS, SOURCE, placed
from deploy.grafana.panels import FOLDER, Dashboard, sql_of
from schemas.views import published

HOME = FOLDER.parent
_READ = re.compile(r"(?:FROM|JOIN) +\(?(?:SELECT .*? FROM +)?(\w+)")


def test_the_files_are_as_the_panels_say(capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever changes a panel writes the dashboards again."""
    assert main(["--check"]) == 0, capsys.readouterr().err


@pytest.mark.parametrize("dashboard", DASHBOARDS, ids=lambda one: one.name)
def test_each_sql_file_is_a_panel_s_or_a_variable_s(dashboard: Dashboard) -> None:
    """None is forgotten, none has two."""
    names = [panel.name for panel in dashboard.panels] + [one.name for one in dashboard.variables]

    assert sorted(names) == sorted(path.stem for path in (FOLDER / dashboard.name).glob("*.sql"))


@pytest.mark.parametrize("dashboard", DASHBOARDS, ids=lambda one: one.name)
def test_an_employer_s_panels_read_published_views_and_an_operator_s_those_of_operators(dashboard: Dashboard) -> None:
    """So the first can be asked with an employer's own user, and the second tells of nobody."""
    for panel in dashboard.panels:
        sql = sql_of(dashboard, panel.name)
        read = set(_READ.findall(sql))

        assert read
        if dashboard.name == "employer":
            assert read <= set(published())
            assert sql.count("employer_id = ${employer:sqlstring}") == len(re.findall(r"\bv_\w+", sql))
        else:
            assert all(name.startswith("ops_") for name in read)


@pytest.mark.parametrize("dashboard", DASHBOARDS, ids=lambda one: one.name)
def test_panels_lie_on_the_grid_and_on_no_other(dashboard: Dashboard) -> None:
    """Each cell of the grid is at most one panel's."""
    cells = [
        (x, y)
        for _, place in placed(dashboard.panels)
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]

    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < COLUMNS


def test_the_provisioned_data_source_is_the_dashboards() -> None:
    """By uid and type; its password comes from the environment."""
    (source,) = yaml.safe_load((HOME / "provisioning/datasources/stepwell.yaml").read_text())["datasources"]

    assert {"type": source["type"], "uid": source["uid"]} == SOURCE
    assert source["secureJsonData"]["password"].startswith("$")


def test_the_provider_reads_the_folder_that_compose_mounts() -> None:
    """Else Grafana would start with no dashboards."""
    (provider,) = yaml.safe_load((HOME / "provisioning/dashboards/stepwell.yaml").read_text())["providers"]
    compose = yaml.safe_load((Path(HOME).parent / "compose.yaml").read_text())
    mounted = [volume.split(":")[1] for volume in compose["services"]["grafana"]["volumes"] if ":/etc/" in volume]

    assert provider["options"]["path"] in mounted
    assert json.loads((HOME / "dashboards/employer.json").read_text())["uid"] == "stepwell-employer"
