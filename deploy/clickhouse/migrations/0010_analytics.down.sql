DROP VIEW IF EXISTS v_group_progress;
DROP VIEW IF EXISTS group_cells;
DROP VIEW IF EXISTS v_source_health;
DROP VIEW IF EXISTS v_role_gaps;
DROP VIEW IF EXISTS v_team_skills;
DROP VIEW IF EXISTS v_worker_skills;
DROP VIEW IF EXISTS v_role_skills;
DROP VIEW IF EXISTS v_people;
DROP VIEW IF EXISTS v_steps;
DROP VIEW IF EXISTS v_stack_nodes;
DROP VIEW IF EXISTS v_finishing_steps;
DROP VIEW IF EXISTS v_one_step_short;
DROP VIEW IF EXISTS v_funnel;
DROP VIEW IF EXISTS v_standing;
DROP VIEW IF EXISTS v_held;
DROP VIEW IF EXISTS current_people;

-- The counting views as 0003 made them.

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
    employer_id,
    stack_id,
    any(stack_title) AS stack_title,
    count() AS workers,
    countIf(status = 'not_started') AS not_started,
    countIf(status = 'in_progress' AND progress < 0.5) AS under_half,
    countIf(status = 'in_progress' AND progress >= 0.5) AS half_or_more,
    countIf(status = 'complete') AS complete,
    countIf(status = 'lapsed') AS lapsed,
    avg(progress) AS average_progress,
    max(completed_at) AS completed_latest,
    max(as_of) AS evaluated_at
FROM v_progress
GROUP BY
    employer_id,
    stack_id
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
        uniqExact(worker_id, achievement_id) AS achievements,
        0 AS stacks
    FROM v_awards
    WHERE status IN ('active', 'expired')
    GROUP BY
        employer_id,
        day
    UNION ALL
    SELECT
        employer_id,
        toDate(assumeNotNull(completed_at)) AS day,
        0 AS achievements,
        count() AS stacks
    FROM v_progress
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
SELECT
    employer_id,
    worker_id,
    achievement_id,
    any(achievement_name) AS achievement_name,
    argMax(issuer_id, valid_until) AS issuer_id,
    argMax(award_id, valid_until) AS award_id,
    assumeNotNull(max(valid_until)) AS expires_at
FROM v_awards
WHERE status = 'active'
GROUP BY
    employer_id,
    worker_id,
    achievement_id
HAVING countIf(valid_until IS NULL) = 0
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
    source,
    uniqExact(worker_id) AS workers,
    count() AS awards,
    maxIf(valid_from, valid_from <= now64(6)) AS newest_at
FROM v_awards
GROUP BY
    employer_id,
    source
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
FROM v_progress
GROUP BY employer_id
COMMENT 'How fresh the progress is, one row an employer';
