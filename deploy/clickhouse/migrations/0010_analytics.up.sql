-- Views for counting: what is held, how far, which steps, which skills, which groups, how good the sources are.
--
-- Rules as in 0003: employer_id first, current workers only, the filter on the employer reaches every key beneath. Those
-- of 0003 that count are made anew over the narrow tables of 0013, with the same columns and the same answers.
-- `group_cells` and whatever begins with `ops_` are no employer's to read.

CREATE VIEW IF NOT EXISTS current_people AS
SELECT
    employer_id,
    worker_id,
    cityHash64(toString(employer_id), worker_id) AS person
FROM employments FINAL
WHERE started_at <= now64(6) AND (ended_at IS NULL OR ended_at > now64(6))
COMMENT 'Who is with which employer at this instant, for joins; somebody with two running employments is there twice';

CREATE VIEW IF NOT EXISTS v_held
(
    employer_id    LowCardinality(String) COMMENT 'Employer that the worker is with now',
    worker_id      String COMMENT 'Who holds it',
    person         UInt64 COMMENT 'Stands for employer and worker: count by this, it is faster',
    pair           UInt64 COMMENT 'Stands for person and achievement',
    achievement_id LowCardinality(String) COMMENT 'What was earned',
    skills         Array(LowCardinality(String)) COMMENT 'Skills the achievement stands for',
    issuer_id      LowCardinality(String) COMMENT 'Who stands behind it',
    source         LowCardinality(String) COMMENT 'System that stated it',
    trust          UInt8 COMMENT 'Trust tier 0 to 4',
    valid_from     DateTime64(6, 'UTC') COMMENT 'Earned or valid from',
    valid_until    DateTime64(6, 'UTC') COMMENT 'End of validity, 2299-12-31 when it has none',
    revoked_at     DateTime64(6, 'UTC') COMMENT 'When the issuer took it back, 2299-12-31 when never'
)
AS
SELECT
    h.employer_id AS employer_id,
    h.worker_id AS worker_id,
    h.person AS person,
    h.pair AS pair,
    h.achievement_id AS achievement_id,
    h.skills AS skills,
    h.issuer_id AS issuer_id,
    h.source AS source,
    h.trust AS trust,
    h.valid_from AS valid_from,
    h.valid_until AS valid_until,
    h.revoked_at AS revoked_at
FROM held AS h FINAL
LEFT SEMI JOIN current_people AS w ON h.employer_id = w.employer_id AND h.person = w.person
COMMENT 'What current workers hold, narrow, for counting; one row an award';

CREATE VIEW IF NOT EXISTS v_standing
(
    employer_id   LowCardinality(String) COMMENT 'Employer that the worker is with now',
    stack_id      LowCardinality(String) COMMENT 'The stack',
    worker_id     String COMMENT 'The worker',
    person        UInt64 COMMENT 'Stands for employer and worker: count by this, it is faster',
    status        LowCardinality(String) COMMENT 'not_started, in_progress, complete or lapsed',
    complete      UInt8 COMMENT '1 when every requirement is met',
    progress      Float64 COMMENT '0 to 1, below 1 while any requirement is not met',
    missing_paths Array(LowCardinality(String)) COMMENT 'Places of the rules that are not met',
    missing_gap   Float64 COMMENT 'What is wanting, added up in the units of these rules',
    next_steps    Array(LowCardinality(String)) COMMENT 'Achievements to take next, best first',
    used          Array(UInt64) COMMENT 'Awards that count: cityHash64 of issuer_id, a slash, award_id',
    used_paths    Array(LowCardinality(String)) COMMENT 'Places of the rules that they serve, in the same order',
    completed_at  Nullable(DateTime64(6, 'UTC')) COMMENT 'When it was completed',
    as_of         DateTime64(6, 'UTC') COMMENT 'Instant that the evaluation speaks of'
)
AS
SELECT
    s.employer_id AS employer_id,
    s.stack_id AS stack_id,
    s.worker_id AS worker_id,
    s.person AS person,
    s.status AS status,
    s.complete AS complete,
    s.progress AS progress,
    s.missing_paths AS missing_paths,
    s.missing_gap AS missing_gap,
    s.next_steps AS next_steps,
    s.used AS used,
    s.used_paths AS used_paths,
    s.completed_at AS completed_at,
    s.as_of AS as_of
FROM standing AS s FINAL
LEFT SEMI JOIN current_people AS w ON s.employer_id = w.employer_id AND s.person = w.person
COMMENT 'How far current workers are, narrow, for counting; one row a worker and stack';

CREATE OR REPLACE VIEW v_stack_summary
(
    employer_id      LowCardinality(String) COMMENT 'Employer',
    stack_id         LowCardinality(String) COMMENT 'The stack',
    stack_title      String COMMENT 'Its title',
    workers          UInt64 COMMENT 'Current workers that were evaluated for it',
    not_started      UInt64 COMMENT 'Of these, with nothing that counts yet',
    under_half       UInt64 COMMENT 'In progress below one half',
    half_or_more     UInt64 COMMENT 'In progress at one half or beyond',
    complete         UInt64 COMMENT 'Complete now',
    lapsed           UInt64 COMMENT 'Complete once, no longer',
    average_progress Float64 COMMENT 'Mean progress of these workers, 0 to 1',
    completed_latest Nullable(DateTime64(6, 'UTC')) COMMENT 'Newest completion',
    evaluated_at     DateTime64(6, 'UTC') COMMENT 'Newest evaluation'
)
AS
SELECT
    c.employer_id AS employer_id,
    c.stack_id AS stack_id,
    if(t.title != '', t.title, toString(c.stack_id)) AS stack_title,
    c.workers AS workers,
    c.not_started AS not_started,
    c.under_half AS under_half,
    c.half_or_more AS half_or_more,
    c.complete_now AS complete,
    c.lapsed AS lapsed,
    c.average_progress AS average_progress,
    c.completed_latest AS completed_latest,
    c.evaluated_at AS evaluated_at
FROM
(
    SELECT
        employer_id,
        stack_id,
        count() AS workers,
        countIf(status = 'not_started') AS not_started,
        countIf(status = 'in_progress' AND progress < 0.5) AS under_half,
        countIf(status = 'in_progress' AND progress >= 0.5) AS half_or_more,
        countIf(status = 'complete') AS complete_now,
        countIf(status = 'lapsed') AS lapsed,
        avg(progress) AS average_progress,
        max(completed_at) AS completed_latest,
        max(as_of) AS evaluated_at
    FROM v_standing
    GROUP BY
        employer_id,
        stack_id
) AS c
LEFT ANY JOIN (SELECT stack_id, argMax(title, version) AS title FROM catalog_stacks FINAL GROUP BY stack_id) AS t ON c.stack_id = t.stack_id
COMMENT 'How many current workers are on which stack and how far';

CREATE OR REPLACE VIEW v_completions_daily
(
    employer_id  LowCardinality(String) COMMENT 'Employer',
    day          Date COMMENT 'UTC day',
    achievements UInt64 COMMENT 'Achievements that current workers earned that day and that were not revoked',
    stacks       UInt64 COMMENT 'Stacks that current workers hold complete, completed that day'
)
AS
SELECT
    employer_id,
    day,
    sum(achievements) AS achievements,
    sum(stacks) AS stacks
FROM
(
    SELECT
        employer_id,
        toDate(valid_from) AS day,
        uniqExact(pair) AS achievements,
        0 AS stacks
    FROM v_held
    WHERE valid_from <= now64(6) AND revoked_at > now64(6)
    GROUP BY
        employer_id,
        day
    UNION ALL
    SELECT
        employer_id,
        toDate(assumeNotNull(completed_at)) AS day,
        0 AS achievements,
        count() AS stacks
    FROM v_standing
    WHERE completed_at IS NOT NULL AND complete = 1
    GROUP BY
        employer_id,
        day
)
GROUP BY
    employer_id,
    day
COMMENT 'Completions a day';

CREATE OR REPLACE VIEW v_expiring
(
    employer_id      LowCardinality(String) COMMENT 'Employer',
    worker_id        String COMMENT 'The worker',
    achievement_id   LowCardinality(String) COMMENT 'What the worker stops holding',
    achievement_name String COMMENT 'Its name',
    issuer_id        LowCardinality(String) COMMENT 'Issuer of the award that lasts longest',
    award_id         String COMMENT 'That award',
    expires_at       DateTime64(6, 'UTC') COMMENT 'When the last award in force of this achievement ends'
)
AS
WITH
    (SELECT mapFromArrays(groupArray(achievement_id), groupArray(name)) FROM catalog_achievements FINAL WHERE name != '') AS names
SELECT
    e.employer_id AS employer_id,
    e.worker_id AS worker_id,
    e.achievement_id AS achievement_id,
    multiIf(names[toString(e.achievement_id)] != '', names[toString(e.achievement_id)], a.achievement_name != '', toString(a.achievement_name), toString(e.achievement_id)) AS achievement_name,
    e.issuer_id AS issuer_id,
    e.award_id AS award_id,
    e.expires_at AS expires_at
FROM
(
    SELECT
        h.employer_id AS employer_id,
        any(h.worker_id) AS worker_id,
        any(h.achievement_id) AS achievement_id,
        argMax(h.issuer_id, h.valid_until) AS issuer_id,
        argMax(h.award_id, h.valid_until) AS award_id,
        max(h.valid_until) AS expires_at
    FROM held AS h FINAL
    LEFT SEMI JOIN
    (
        SELECT
            employer_id,
            pair
        FROM v_held
        WHERE valid_from <= now64(6) AND valid_until > now64(6) AND valid_until < toDateTime64('2299-12-31 00:00:00', 6, 'UTC')
    ) AS l ON h.employer_id = l.employer_id AND h.pair = l.pair
    WHERE h.valid_from <= now64(6) AND h.valid_until > now64(6) AND h.revoked_at > now64(6)
    GROUP BY
        h.employer_id,
        h.pair
    HAVING expires_at < toDateTime64('2299-12-31 00:00:00', 6, 'UTC')
) AS e
LEFT ANY JOIN (SELECT employer_id, achievement_id, achievement_name FROM said_names FINAL) AS a ON e.employer_id = a.employer_id AND e.achievement_id = a.achievement_id
COMMENT 'Achievements held now that will run out, one row a worker and achievement, renewals taken into account';

CREATE OR REPLACE VIEW v_sources
(
    employer_id LowCardinality(String) COMMENT 'Employer',
    source      LowCardinality(String) COMMENT 'System that states records',
    workers     UInt64 COMMENT 'Current workers it has stated something about',
    awards      UInt64 COMMENT 'Awards and completions it has stated of them',
    newest_at   DateTime64(6, 'UTC') COMMENT 'Newest date of these that is not in the future'
)
AS
SELECT
    employer_id,
    one_source AS source,
    count() AS workers,
    sum(awards_of_one) AS awards,
    max(newest_of_one) AS newest_at
FROM
(
    SELECT
        employer_id,
        any(source) AS one_source,
        count() AS awards_of_one,
        maxIf(valid_from, valid_from <= now64(6)) AS newest_of_one
    FROM v_held
    GROUP BY
        employer_id,
        cityHash64(person, toString(source))
)
GROUP BY
    employer_id,
    one_source
COMMENT 'Where what an employer sees comes from';

CREATE OR REPLACE VIEW v_freshness
(
    employer_id  LowCardinality(String) COMMENT 'Employer',
    evaluated_at DateTime64(6, 'UTC') COMMENT 'Newest evaluation of any stack of a current worker',
    evaluations  UInt64 COMMENT 'Stacks of current workers that have been evaluated'
)
AS
SELECT
    employer_id,
    max(as_of) AS evaluated_at,
    count() AS evaluations
FROM v_standing
GROUP BY employer_id
COMMENT 'How fresh the progress is, one row an employer';

CREATE VIEW IF NOT EXISTS v_funnel
(
    employer_id LowCardinality(String) COMMENT 'Employer',
    stack_id    LowCardinality(String) COMMENT 'The stack',
    enrolled    UInt64 COMMENT 'Current workers that are on it: enrolled, or holding a part of it',
    first       UInt64 COMMENT 'Of these, with something that counts, or complete once',
    half        UInt64 COMMENT 'Of these, at one half or beyond, or complete once',
    one_short   UInt64 COMMENT 'Of these, one rule and one unit short of it',
    stack       UInt64 COMMENT 'Complete now or once'
)
AS
SELECT
    employer_id,
    stack_id,
    count() AS enrolled,
    countIf(progress > 0 OR status IN ('complete', 'lapsed')) AS first,
    countIf(progress >= 0.5 OR status IN ('complete', 'lapsed')) AS half,
    countIf(status = 'in_progress' AND length(missing_paths) = 1 AND missing_gap <= 1) AS one_short,
    countIf(status IN ('complete', 'lapsed')) AS stack
FROM v_standing
GROUP BY
    employer_id,
    stack_id
COMMENT 'From being on a stack to having completed it';

CREATE VIEW IF NOT EXISTS v_one_step_short
(
    employer_id LowCardinality(String) COMMENT 'Employer',
    stack_id    LowCardinality(String) COMMENT 'The stack',
    worker_id   String COMMENT 'Who is one rule and one unit short of it',
    progress    Float64 COMMENT '0 to 1',
    rule_path   LowCardinality(String) COMMENT 'Place of the rule that is wanting',
    next_steps  Array(LowCardinality(String)) COMMENT 'Achievements that would do, best first',
    newest_at   DateTime64(6, 'UTC') COMMENT 'When the worker last earned anything'
)
AS
SELECT
    s.employer_id AS employer_id,
    s.stack_id AS stack_id,
    s.worker_id AS worker_id,
    any(s.progress) AS progress,
    any(s.rule_path) AS rule_path,
    any(s.next_steps) AS next_steps,
    max(h.valid_from) AS newest_at
FROM held AS h FINAL
INNER JOIN
(
    SELECT
        employer_id,
        stack_id,
        worker_id,
        person,
        progress,
        missing_paths[1] AS rule_path,
        next_steps
    FROM v_standing
    WHERE status = 'in_progress' AND length(missing_paths) = 1 AND missing_gap <= 1
) AS s ON h.employer_id = s.employer_id AND h.person = s.person
WHERE h.valid_from <= now64(6)
GROUP BY
    s.employer_id,
    s.stack_id,
    s.worker_id
COMMENT 'Who needs one more thing to complete a stack, one row a worker and stack';

CREATE VIEW IF NOT EXISTS v_finishing_steps
(
    employer_id    LowCardinality(String) COMMENT 'Employer',
    achievement_id LowCardinality(String) COMMENT 'Achievement that completes a stack at once',
    stack_id       LowCardinality(String) COMMENT 'The stack',
    workers        UInt64 COMMENT 'Current workers for whom it does',
    worker_ids     Array(String) COMMENT 'Some of them, at most 100'
)
AS
SELECT
    employer_id,
    next_step AS achievement_id,
    stack_id,
    count() AS workers,
    groupArray(100)(worker_id) AS worker_ids
FROM v_standing
ARRAY JOIN next_steps AS next_step
WHERE status = 'in_progress' AND length(missing_paths) = 1 AND missing_gap <= 1
GROUP BY
    employer_id,
    next_step,
    stack_id
COMMENT 'Which achievement completes which stack for how many workers, one row an achievement and stack';

CREATE VIEW IF NOT EXISTS v_stack_nodes
(
    employer_id LowCardinality(String) COMMENT 'Employer',
    stack_id    LowCardinality(String) COMMENT 'The stack',
    rule_path   LowCardinality(String) COMMENT 'Place of a rule within the requirements of the stack',
    missing     UInt64 COMMENT 'Current workers on the stack for whom the rule is told as missing',
    served      UInt64 COMMENT 'Current workers on the stack with an award that serves the rule',
    workers     UInt64 COMMENT 'Current workers on the stack'
)
AS
SELECT
    n.employer_id AS employer_id,
    n.stack_id AS stack_id,
    n.rule_path AS rule_path,
    n.missing_count AS missing,
    n.served_count AS served,
    t.workers AS workers
FROM
(
    SELECT
        employer_id,
        stack_id,
        tupleElement(node, 1) AS rule_path,
        countIf(tupleElement(node, 2) = 0) AS missing_count,
        countIf(tupleElement(node, 2) = 1) AS served_count
    FROM v_standing
    ARRAY JOIN arrayConcat(arrayMap(path -> (path, 0), missing_paths), arrayMap(path -> (path, 1), arrayDistinct(used_paths))) AS node
    GROUP BY
        employer_id,
        stack_id,
        rule_path
) AS n
INNER JOIN
(
    SELECT
        employer_id,
        stack_id,
        count() AS workers
    FROM v_standing
    GROUP BY
        employer_id,
        stack_id
) AS t ON n.employer_id = t.employer_id AND n.stack_id = t.stack_id
COMMENT 'For how many workers a rule of a stack is missing or served, one row a rule';

CREATE VIEW IF NOT EXISTS v_steps
(
    employer_id  LowCardinality(String) COMMENT 'Employer',
    stack_id     LowCardinality(String) COMMENT 'The stack',
    worker_id    String COMMENT 'The worker',
    person       UInt64 COMMENT 'Stands for employer and worker',
    rule_path    LowCardinality(String) COMMENT 'Place of the rule that the award serves',
    earned_at    DateTime64(6, 'UTC') COMMENT 'When it was earned',
    completed_at Nullable(DateTime64(6, 'UTC')) COMMENT 'When the stack was completed'
)
AS
SELECT
    s.employer_id AS employer_id,
    s.stack_id AS stack_id,
    s.worker_id AS worker_id,
    s.person AS person,
    s.rule_path AS rule_path,
    h.valid_from AS earned_at,
    s.completed_at AS completed_at
FROM held AS h FINAL
INNER JOIN
(
    SELECT
        employer_id,
        stack_id,
        worker_id,
        person,
        one_used AS award,
        one_path AS rule_path,
        completed_at
    FROM v_standing
    ARRAY JOIN
        used AS one_used,
        used_paths AS one_path
) AS s ON h.employer_id = s.employer_id AND h.person = s.person AND h.award = s.award
COMMENT 'When current workers earned what counts toward a stack, one row an award and stack';

CREATE VIEW IF NOT EXISTS v_people
(
    employer_id LowCardinality(String) COMMENT 'Employer that the worker is with now',
    worker_id   String COMMENT 'The worker',
    person      UInt64 COMMENT 'Stands for employer and worker: count by this, it is faster',
    since       DateTime64(6, 'UTC') COMMENT 'Start of the latest employment that is running',
    team        LowCardinality(String) COMMENT 'Team as the employer says, empty when it does not',
    role        LowCardinality(String) COMMENT 'Role as the employer says, empty when it does not'
)
AS
SELECT
    w.employer_id AS employer_id,
    w.worker_id AS worker_id,
    cityHash64(toString(w.employer_id), w.worker_id) AS person,
    w.since AS since,
    r.team AS team,
    r.role AS role
FROM v_workers AS w
LEFT ANY JOIN (SELECT employer_id, worker_id, team, role FROM worker_roles FINAL) AS r ON w.employer_id = r.employer_id AND w.worker_id = r.worker_id
COMMENT 'Current workers with their team and role, one row a worker';

CREATE VIEW IF NOT EXISTS v_role_skills
(
    employer_id LowCardinality(String) COMMENT 'Employer',
    role        LowCardinality(String) COMMENT 'Role',
    skill       LowCardinality(String) COMMENT 'Skill that the employer expects of everybody in it'
)
AS
SELECT
    employer_id,
    role,
    skill
FROM role_skills FINAL
COMMENT 'Skills that employers expect, one row a role and skill';

CREATE VIEW IF NOT EXISTS v_worker_skills
(
    employer_id  LowCardinality(String) COMMENT 'Employer that the worker is with now',
    worker_id    String COMMENT 'The worker',
    person       UInt64 COMMENT 'Stands for employer and worker',
    team         LowCardinality(String) COMMENT 'Team, empty when not told',
    role         LowCardinality(String) COMMENT 'Role, empty when not told',
    skill        LowCardinality(String) COMMENT 'The skill',
    achievements UInt64 COMMENT 'Achievements in force that stand for it',
    verified     UInt64 COMMENT 'Of these, awards of trust tier 2 and up: the issuer has its own key checked',
    trust        UInt8 COMMENT 'Highest trust tier of these',
    is_expert    UInt8 COMMENT '1 with two verified ones or more'
)
AS
SELECT
    employer_id,
    any(one_worker) AS worker_id,
    any(one_person) AS person,
    any(one_team) AS team,
    any(one_role) AS role,
    any(one_skill) AS skill,
    count() AS achievements,
    countIf(one_trust >= 2) AS verified,
    max(one_trust) AS trust,
    countIf(one_trust >= 2) >= 2 AS is_expert
FROM
(
    SELECT
        h.employer_id AS employer_id,
        p.worker_id AS one_worker,
        h.person AS one_person,
        p.team AS one_team,
        p.role AS one_role,
        each AS one_skill,
        h.trust AS one_trust
    FROM held AS h FINAL
    INNER JOIN v_people AS p ON h.employer_id = p.employer_id AND h.person = p.person
    ARRAY JOIN h.skills AS each
    WHERE h.valid_from <= now64(6) AND h.valid_until > now64(6) AND h.revoked_at > now64(6)
)
GROUP BY
    employer_id,
    cityHash64(one_person, toString(one_skill))
COMMENT 'Skills that current workers have something to show for, one row a worker and skill';

CREATE VIEW IF NOT EXISTS v_team_skills
(
    employer_id LowCardinality(String) COMMENT 'Employer',
    team        LowCardinality(String) COMMENT 'Team, empty for who has none',
    skill       LowCardinality(String) COMMENT 'The skill',
    holders     UInt64 COMMENT 'People of the team with an achievement in force that stands for it',
    verified    UInt64 COMMENT 'Of these, with one of trust tier 2 and up; the others only claim it',
    experts     UInt64 COMMENT 'Of these, with two verified ones or more'
)
AS
SELECT
    c.employer_id AS employer_id,
    t.team AS team,
    k.skill AS skill,
    c.holders AS holders,
    c.verified AS verified,
    c.experts AS experts
FROM
(
    SELECT
        employer_id,
        team_number,
        skill_number,
        count() AS holders,
        countIf(checked > 0) AS verified,
        countIf(checked >= 2) AS experts
    FROM
    (
        SELECT
            employer_id,
            any(one_team) AS team_number,
            any(one_skill) AS skill_number,
            countIf(one_trust >= 2) AS checked
        FROM
        (
            SELECT
                h.employer_id AS employer_id,
                h.person AS one_person,
                cityHash64(toString(p.team)) AS one_team,
                each AS one_skill,
                h.trust AS one_trust
            FROM held AS h FINAL
            INNER JOIN v_people AS p ON h.employer_id = p.employer_id AND h.person = p.person
            ARRAY JOIN arrayMap(skill -> cityHash64(toString(skill)), h.skills) AS each
            WHERE h.valid_from <= now64(6) AND h.valid_until > now64(6) AND h.revoked_at > now64(6)
        )
        GROUP BY
            employer_id,
            cityHash64(one_person, one_skill)
    )
    GROUP BY
        employer_id,
        team_number,
        skill_number
) AS c
INNER JOIN (SELECT employer_id, skill, cityHash64(toString(skill)) AS skill_number FROM said_skills FINAL) AS k ON c.employer_id = k.employer_id AND c.skill_number = k.skill_number
LEFT JOIN (SELECT DISTINCT employer_id, team, cityHash64(toString(team)) AS team_number FROM worker_roles) AS t ON c.employer_id = t.employer_id AND c.team_number = t.team_number
COMMENT 'How many people of a team hold a skill, one row a team and skill';

CREATE VIEW IF NOT EXISTS v_role_gaps
(
    employer_id LowCardinality(String) COMMENT 'Employer',
    role        LowCardinality(String) COMMENT 'Role',
    skill       LowCardinality(String) COMMENT 'Skill that the employer expects of everybody in it',
    workers     UInt64 COMMENT 'Current workers in the role',
    holders     UInt64 COMMENT 'Of these, with an achievement in force that stands for the skill',
    verified    UInt64 COMMENT 'Of these, with one of trust tier 2 and up'
)
AS
SELECT
    e.employer_id AS employer_id,
    e.role AS role,
    e.skill AS skill,
    n.workers AS workers,
    s.holders AS holders,
    s.verified_holders AS verified
FROM v_role_skills AS e
LEFT JOIN
(
    SELECT
        employer_id,
        role,
        count() AS workers
    FROM v_people
    GROUP BY
        employer_id,
        role
) AS n ON e.employer_id = n.employer_id AND e.role = n.role
LEFT JOIN
(
    SELECT
        employer_id,
        role,
        skill,
        count() AS holders,
        countIf(verified > 0) AS verified_holders
    FROM v_worker_skills
    WHERE role != ''
    GROUP BY
        employer_id,
        role,
        skill
) AS s ON e.employer_id = s.employer_id AND e.role = s.role AND e.skill = s.skill
COMMENT 'Skills expected of a role against skills held, one row a role and skill';

CREATE VIEW IF NOT EXISTS v_source_health
(
    employer_id             LowCardinality(String) COMMENT 'Employer that looks',
    source                  LowCardinality(String) COMMENT 'System that has stated something about its current workers',
    workers                 UInt64 COMMENT 'Current workers that it has stated something about',
    awards                  UInt64 COMMENT 'Awards and completions it has stated of them',
    newest_at               DateTime64(6, 'UTC') COMMENT 'Newest date of these that is not in the future',
    stored_latest           Nullable(DateTime64(6, 'UTC')) COMMENT 'When something it stated of your workers was last stored',
    statements_24h          UInt64 COMMENT 'Awards of your workers stated or restated yesterday and today (UTC days)',
    statements_30d          UInt64 COMMENT 'The same in 30 days',
    record_latest           Nullable(DateTime64(6, 'UTC')) COMMENT 'When its newest record came in, about whomever',
    end_to_end_p50_seconds  Nullable(Float64) COMMENT 'Median of seconds from a record coming in to its being stored, of all its records of 7 days',
    end_to_end_p95_seconds  Nullable(Float64) COMMENT 'The same, 95th percentile',
    silent_seconds          Nullable(Float64) COMMENT 'Seconds since its newest record came in'
)
AS
SELECT
    s.employer_id AS employer_id,
    s.source AS source,
    s.workers AS workers,
    s.awards AS awards,
    s.newest_at AS newest_at,
    d.stored_latest AS stored_latest,
    d.statements_24h AS statements_24h,
    d.statements_30d AS statements_30d,
    r.record_latest AS record_latest,
    r.seconds_50 AS end_to_end_p50_seconds,
    r.seconds_95 AS end_to_end_p95_seconds,
    if(r.record_latest IS NULL, NULL, dateDiff('millisecond', assumeNotNull(r.record_latest), now64(6)) / 1000) AS silent_seconds
FROM v_sources AS s
LEFT JOIN
(
    SELECT
        employer_id,
        source,
        max(stored_latest) AS stored_latest,
        uniqCombined64MergeIf(awards, day >= toDate(now64(6)) - 1) AS statements_24h,
        uniqCombined64MergeIf(awards, day >= toDate(now64(6)) - 29) AS statements_30d
    FROM statements_daily
    GROUP BY
        employer_id,
        source
) AS d ON s.employer_id = d.employer_id AND s.source = d.source
LEFT JOIN
(
    SELECT
        source,
        toNullable(max(received_latest)) AS record_latest,
        toNullable(toFloat64(quantilesTDigestMerge(0.5, 0.95, 0.99)(seconds)[1])) AS seconds_50,
        toNullable(toFloat64(quantilesTDigestMerge(0.5, 0.95, 0.99)(seconds)[2])) AS seconds_95
    FROM arrivals
    WHERE hour >= toStartOfHour(now()) - toIntervalDay(7)
    GROUP BY source
) AS r ON s.source = r.source
COMMENT 'How good and how fresh the data of each source is';

CREATE VIEW IF NOT EXISTS group_cells AS
SELECT
    c.employer_id AS employer_id,
    c.dimension AS dimension,
    c.stack_id AS stack_id,
    c.group_name AS group_name,
    c.people AS people,
    c.started AS started,
    c.half AS half,
    c.complete AS complete,
    c.days AS days,
    c.mark AS mark
FROM
(
    SELECT
        employer_id,
        dimension,
        stack_id,
        group_name,
        count() AS people,
        countIf(has_started) AS started,
        countIf(has_half) AS half,
        countIf(has_completed) AS complete,
        quantileExactIf(0.5)(days_taken, has_completed AND days_taken >= 0) AS days,
        groupBitXor(cityHash64(person, has_started, has_half, has_completed)) AS mark
    FROM
    (
        SELECT
            g.employer_id AS employer_id,
            g.dimension AS dimension,
            p.stack_id AS stack_id,
            g.group_name AS group_name,
            g.person AS person,
            p.has_started AS has_started,
            p.has_half AS has_half,
            p.has_completed AS has_completed,
            p.days_taken AS days_taken
        FROM
        (
            SELECT
                s.employer_id AS employer_id,
                s.stack_id AS stack_id,
                s.person AS person,
                s.progress > 0 OR s.status IN ('complete', 'lapsed') AS has_started,
                s.progress >= 0.5 OR s.status IN ('complete', 'lapsed') AS has_half,
                s.status IN ('complete', 'lapsed') AS has_completed,
                if(b.began_at > toDateTime64(0, 6, 'UTC') AND s.completed_at IS NOT NULL, dateDiff('day', b.began_at, assumeNotNull(s.completed_at)), -1) AS days_taken
            FROM standing AS s FINAL
            LEFT JOIN
            (
                SELECT
                    employer_id,
                    stack_id,
                    person,
                    min(earned_at) AS began_at
                FROM v_steps
                WHERE completed_at IS NOT NULL
                GROUP BY
                    employer_id,
                    stack_id,
                    person
            ) AS b ON s.employer_id = b.employer_id AND s.stack_id = b.stack_id AND s.person = b.person
        ) AS p
        INNER JOIN
        (
            SELECT
                w.employer_id AS employer_id,
                w.person AS person,
                d.dimension AS dimension,
                if(m.group_name = '', 'not stated', m.group_name) AS group_name
            FROM current_people AS w
            INNER JOIN (SELECT DISTINCT employer_id, dimension FROM worker_groups FINAL) AS d ON w.employer_id = d.employer_id
            LEFT JOIN (SELECT employer_id, worker_id, dimension, toString(group_name) AS group_name FROM worker_groups FINAL) AS m ON w.employer_id = m.employer_id AND w.worker_id = m.worker_id AND d.dimension = m.dimension
        ) AS g ON p.employer_id = g.employer_id AND p.person = g.person
    )
    GROUP BY
        employer_id,
        dimension,
        stack_id,
        group_name
) AS c
COMMENT 'Bare counts of groups, for v_group_progress alone: nobody may read it';

CREATE VIEW IF NOT EXISTS v_group_progress
(
    employer_id   LowCardinality(String) COMMENT 'Employer',
    dimension     LowCardinality(String) COMMENT 'What the groups are by, as the employer named it',
    stack_id      LowCardinality(String) COMMENT 'The stack',
    group_name    String COMMENT 'The group, not stated for who is in none',
    workers       Nullable(Int64) COMMENT 'About how many of its people are on the stack; null where hidden',
    started       Nullable(Int64) COMMENT 'About how many of these have something that counts; null where hidden or coded',
    half          Nullable(Int64) COMMENT 'About how many are at one half or beyond; null where hidden or coded',
    complete      Nullable(Int64) COMMENT 'About how many have completed it; null where hidden or coded',
    started_share Nullable(Float64) COMMENT 'Share that has something that counts; 0.05 stands for at most, 0.95 for at least so much',
    half_share    Nullable(Float64) COMMENT 'Share at one half or beyond, likewise',
    complete_share Nullable(Float64) COMMENT 'Share that has completed it, likewise',
    median_days   Nullable(Float64) COMMENT 'Median days from the first award that counts to the stack, in steps of 30 up to 1080; null where complete is',
    hidden        String COMMENT 'Why something is null: small (fewer than the minimum), together (so that a small one cannot be found by subtraction), coded (nearly all or nearly nobody); empty when nothing is',
    minimum       UInt64 COMMENT 'The smallest number of people that a figure may be about'
)
AS
WITH
    (SELECT greatest(argMaxIf(value, version, name = 'minimum_cell'), 3) FROM privacy) AS least,
    (SELECT argMaxIf(value, version, name = 'secret') FROM privacy) AS secret
SELECT
    employer_id,
    dimension,
    stack_id,
    group_name,
    anyIf(shown, measure = 1) AS workers,
    if(workers IS NULL, NULL, anyIf(shown, measure = 2)) AS started,
    if(workers IS NULL, NULL, anyIf(shown, measure = 3)) AS half,
    if(workers IS NULL, NULL, anyIf(shown, measure = 4)) AS complete,
    if(workers IS NULL, NULL, anyIf(share, measure = 2)) AS started_share,
    if(workers IS NULL, NULL, anyIf(share, measure = 3)) AS half_share,
    if(workers IS NULL, NULL, anyIf(share, measure = 4)) AS complete_share,
    if(workers IS NULL, NULL, anyIf(if(shown IS NULL, NULL, toNullable(least(round(days / 30) * 30, 1080))), measure = 4)) AS median_days,
    multiIf(countIf(why = 'small') > 0, 'small', countIf(why = 'together') > 0, 'together', countIf(why = 'coded') > 0, 'coded', '') AS hidden,
    least AS minimum
FROM
(
    SELECT
        employer_id,
        dimension,
        stack_id,
        cell.1 AS group_name,
        measure,
        cell.5 AS days,
        multiIf(cell.2 = 1 OR cell.7 = 1, 'small', cell.6 != 0, 'coded', place <= hide, 'together', '') AS why,
        if(why != '', NULL, toNullable(greatest(toInt64(cell.3) + noise, toInt64(least)))) AS shown,
        multiIf(
            why = 'coded' AND cell.6 = 1, toNullable(0.05),
            why = 'coded' AND cell.6 = 2, toNullable(0.95),
            why != '', NULL,
            toNullable(least(greatest(round((cell.3 + noise) / greatest(cell.4 + noise_of_all, 1), 2), 0.05), 0.95))
        ) AS share,
        toInt64(sipHash64(secret, mark, cell.1, measure) % 5) - 2 AS noise,
        toInt64(sipHash64(secret, mark, cell.1, 1) % 5) - 2 AS noise_of_all
    FROM
    (
        SELECT
            employer_id,
            dimension,
            stack_id,
            measure,
            mark,
            arraySort(c -> (c.2 = 0 AND c.6 = 0 AND c.7 = 0, c.4, c.1), cells) AS sorted,
            countEqual(arrayMap(c -> c.2 = 0 AND c.6 = 0 AND c.7 = 0, sorted), 0) AS unsafe,
            arrayCumSum(arrayMap(c -> toInt64(c.3), sorted)) AS yes,
            arrayCumSum(arrayMap(c -> toInt64(c.4) - toInt64(c.3), sorted)) AS no,
            arrayFirstIndex((y, n, at) -> at >= greatest(unsafe, 2) AND y >= least AND (n >= least OR measure = 1), yes, no, arrayEnumerate(sorted)) AS enough,
            multiIf(unsafe = 0, 0, enough = 0, length(sorted), enough) AS hide
        FROM
        (
            SELECT
                employer_id,
                dimension,
                stack_id,
                mark,
                measure,
                arrayMap(c ->
                    (
                        c.1,
                        toUInt8(c.2 < least),
                        [c.2, c.3, c.4, c.5][measure] AS positive,
                        c.2,
                        c.6,
                        toUInt8(multiIf(measure = 1 OR c.2 * 0.05 < least, 0, positive < c.2 * 0.05, 1, positive > c.2 * 0.95, 2, 0)),
                        toUInt8(measure > 1 AND (positive < least OR c.2 - positive < least) AND (c.2 * 0.05 < least OR (positive >= c.2 * 0.05 AND positive <= c.2 * 0.95)))
                    ), cells) AS cells
            FROM
            (
                SELECT
                    employer_id,
                    dimension,
                    stack_id,
                    groupArray((group_name, people, started, half, complete, days)) AS cells,
                    groupBitXor(mark) AS mark
                FROM group_cells
                GROUP BY
                    employer_id,
                    dimension,
                    stack_id
            )
            ARRAY JOIN [1, 2, 3, 4] AS measure
        )
    )
    ARRAY JOIN
        sorted AS cell,
        arrayEnumerate(sorted) AS place
)
GROUP BY
    employer_id,
    dimension,
    stack_id,
    group_name
COMMENT 'How far groups of current workers are, with whatever would tell of fewer people than the minimum hidden; one row a group and stack';
