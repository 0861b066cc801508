"""SQL of somebody's own: what of it is refused, and that the rest can only see filtered views."""

from __future__ import annotations

import pytest

from schemas.views import published
from services.dashboard.errors import Refused
from services.dashboard.tenant_sql import LONGEST, for_tenant

VIEWS = published()
ONLY_MINE = "WHERE v_held.employer_id = {employer_id: String}"


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM awards",
        "SELECT * FROM v_held, awards",
        "SELECT * FROM v_held AS awards JOIN awards ON 1",
        "SELECT * FROM v_held UNION ALL SELECT * FROM awards",
        "SELECT * FROM v_held WHERE person IN (SELECT person FROM held)",
        "SELECT * FROM v_held WHERE worker_id IN awards",
        "SELECT * FROM v_held WHERE worker_id IN (awards)",
        "SELECT * FROM v_held WHERE worker_id NOT IN ((awards))",
        "SELECT * FROM v_held WHERE worker_id GLOBAL IN awards",
        "SELECT notIn(worker_id, awards) FROM v_held",
        "SELECT globalNullIn(worker_id, awards) FROM v_held",
        "SELECT (SELECT max(version) FROM awards)",
        "WITH x AS (SELECT * FROM awards) SELECT 1",
        "WITH (SELECT count() FROM awards) AS n SELECT n",
        "SELECT * FROM group_cells",
        "SELECT * FROM worker_groups",
        "SELECT * FROM current_people",
        "SELECT * FROM ops_sources",
        "SELECT * FROM privacy",
        "SELECT * FROM system.tables",
        "SELECT * FROM information_schema.tables",
        "SELECT * FROM stepwell.v_held",
        "SELECT * FROM own_x",
        "SELECT * FROM numbers(10)",
        "SELECT * FROM merge('stepwell', '.*')",
        "SELECT * FROM url('http://example.org', CSV)",
        "SELECT * FROM file('/etc/passwd')",
        "SELECT * FROM remote('127.0.0.1', stepwell, awards)",
        "SELECT * FROM viewExplain('EXPLAIN', '', (SELECT 1))",
        "SELECT * FROM {employer_id:Identifier}",
        "SELECT {other:String}",
        "SELECT dictGet('catalog', 'name', 1)",
        "SELECT joinGet('awards', 'worker_id', 1)",
        "SELECT file('x')",
        "SELECT getSetting('max_threads')",
        "SELECT hostName()",
        "SELECT currentUser()",
        "SELECT sleep(3)",
        "SELECT * FROM v_held FINAL",
        "SELECT * FROM v_held SETTINGS readonly = 0",
        "SELECT * FROM v_held FORMAT CSV",
        "SELECT * FROM v_held INTO OUTFILE 'x'",
        "SELECT 1; DROP TABLE awards",
        "INSERT INTO awards SELECT 1",
        "ALTER TABLE awards DELETE WHERE 1",
        "CREATE TABLE x AS SELECT 1",
        "SET readonly = 0",
        "USE system",
        "EXPLAIN SELECT 1",
        "SHOW TABLES",
        "DESCRIBE awards",
        "SYSTEM SHUTDOWN",
        "KILL QUERY WHERE 1",
        "nonsense",
        "",
        "SELECT " + "(" * 5000 + "1" + ")" * 5000,
        "SELECT '" + "x" * LONGEST + "'",
    ],
)
def test_what_is_not_a_question_to_the_views_is_refused(sql: str) -> None:
    """With a sentence that says so."""
    with pytest.raises(Refused) as refusal:
        for_tenant(sql, VIEWS)

    assert refusal.value.first.detail


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count() FROM v_held",
        "SELECT h.trust FROM v_held AS h",
        "SELECT count() FROM `v_held`",
        'SELECT count() FROM "v_held" /* awards */ -- awards',
        "SELECT * FROM (SELECT * FROM v_held) ARRAY JOIN skills AS s",
        "WITH h AS (SELECT * FROM v_held) SELECT * FROM h AS one JOIN h AS two USING (pair)",
        "SELECT 1 WHERE EXISTS (SELECT 1 FROM v_held)",
        "SELECT * FROM v_held WHERE achievement_id IN ('a', 'b') AND trust IN (1)",
        "SELECT count() FROM v_held WHERE 1 OR employer_id = 'other'",
        "SELECT 1 FROM v_held WHERE employer_id = {employer_id:String} AND valid_from < {as_of:DateTime64(6, 'UTC')}",
    ],
)
def test_each_view_becomes_the_employer_s_part_of_it(sql: str) -> None:
    """However it is written and wherever it stands."""
    made = for_tenant(sql, VIEWS)

    assert made.count("FROM v_held ") == made.count(ONLY_MINE) >= 1
    assert "awards" not in made


def test_a_query_named_as_a_table_never_means_the_table() -> None:
    """Also where the name is not in scope: it gets another name everywhere."""
    made = for_tenant("SELECT (WITH awards AS (SELECT 1 AS x) SELECT x FROM awards), a.* FROM awards AS a", VIEWS)

    assert 'FROM "own_awards" AS "a"' in made
    assert "FROM awards" not in made
