-- Who may do what on a ClickHouse server: roles, limits, tenants. Run once by an administrator, after `stepwell migrate`,
-- with `stepwell` replaced where the database has another name, and with real password hashes. The embedded ClickHouse
-- has one user and needs none of this.
--
-- Stepwell's services hold `stepwell_writer` (aggregate, gateway, inbox) and `stepwell_dashboard`; the dashboard puts the
-- tenant of the log-in into every query. An employer's own BI tool gets a user like `acme_bi`: it reads the published
-- views, sees its own rows by row policy, cannot write, and cannot lift the limits or change the tenant.
-- `SQL_` must be among the server's custom_settings_prefixes, as it is by default.

CREATE ROLE IF NOT EXISTS stepwell_owner;
CREATE ROLE IF NOT EXISTS stepwell_writer;
CREATE ROLE IF NOT EXISTS stepwell_dashboard;
CREATE ROLE IF NOT EXISTS stepwell_employer;

GRANT ALL ON stepwell.* TO stepwell_owner;

GRANT SELECT, INSERT ON stepwell.* TO stepwell_writer;
GRANT ALTER DELETE ON stepwell.* TO stepwell_writer;

GRANT SELECT ON stepwell.* TO stepwell_dashboard;
-- Pages never ask who is behind a pseudonym.
REVOKE SELECT ON stepwell.identity_keys FROM stepwell_dashboard;
REVOKE SELECT ON stepwell.identities FROM stepwell_dashboard;
REVOKE SELECT ON stepwell.identity_matches FROM stepwell_dashboard;

GRANT SELECT ON stepwell.v_workers TO stepwell_employer;
GRANT SELECT ON stepwell.v_awards TO stepwell_employer;
GRANT SELECT ON stepwell.v_progress TO stepwell_employer;
GRANT SELECT ON stepwell.v_advice TO stepwell_employer;
GRANT SELECT ON stepwell.v_expiring TO stepwell_employer;
GRANT SELECT ON stepwell.v_completions_daily TO stepwell_employer;
GRANT SELECT ON stepwell.v_stack_summary TO stepwell_employer;
GRANT SELECT ON stepwell.employments TO stepwell_employer;
GRANT SELECT ON stepwell.awards TO stepwell_employer;
GRANT SELECT ON stepwell.progress TO stepwell_employer;
GRANT SELECT ON stepwell.catalog_stacks TO stepwell_employer;
GRANT SELECT ON stepwell.catalog_achievements TO stepwell_employer;

-- Writers: acknowledged means stored, every row kept, a repeated token dropped in the views' targets too.
CREATE SETTINGS PROFILE IF NOT EXISTS stepwell_writes
SETTINGS
    async_insert = 0,
    optimize_on_insert = 0,
    insert_deduplicate = 1,
    deduplicate_blocks_in_dependent_materialized_views = 1
TO stepwell_writer;

-- Readers: nothing is written, and no single question takes the server away from the others.
CREATE SETTINGS PROFILE IF NOT EXISTS stepwell_reads
SETTINGS
    readonly = 2,
    max_execution_time = 20 MAX 60,
    max_memory_usage = 4000000000 READONLY,
    max_threads = 4
TO stepwell_dashboard;

CREATE SETTINGS PROFILE IF NOT EXISTS stepwell_tenant
SETTINGS
    readonly = 1,
    max_execution_time = 20 READONLY,
    max_memory_usage = 2000000000 READONLY,
    max_rows_to_read = 200000000 READONLY,
    max_result_rows = 1000000 READONLY,
    max_threads = 2 READONLY
TO stepwell_employer;

CREATE QUOTA IF NOT EXISTS stepwell_tenant_quota
KEYED BY user_name
FOR INTERVAL 1 minute MAX queries = 300, execution_time = 120
TO stepwell_employer;

-- A table that has a policy for one role shows nothing to roles without one: so those that see all are told to.
CREATE ROW POLICY IF NOT EXISTS stepwell_everything
ON stepwell.awards, stepwell.progress, stepwell.employments
FOR SELECT USING 1
TO stepwell_owner, stepwell_writer, stepwell_dashboard;

CREATE ROW POLICY IF NOT EXISTS stepwell_own_rows
ON stepwell.awards, stepwell.progress, stepwell.employments
FOR SELECT USING employer_id = getSetting('SQL_employer_id')
TO stepwell_employer;

-- One user for the services of each kind, and one example of an employer's BI user, whose tenant is fixed.
CREATE USER IF NOT EXISTS stepwell_migrations
IDENTIFIED WITH sha256_hash BY '0000000000000000000000000000000000000000000000000000000000000000'
DEFAULT ROLE stepwell_owner;

CREATE USER IF NOT EXISTS stepwell_services
IDENTIFIED WITH sha256_hash BY '0000000000000000000000000000000000000000000000000000000000000000'
DEFAULT ROLE stepwell_writer;

CREATE USER IF NOT EXISTS stepwell_pages
IDENTIFIED WITH sha256_hash BY '0000000000000000000000000000000000000000000000000000000000000000'
DEFAULT ROLE stepwell_dashboard;

CREATE USER IF NOT EXISTS acme_bi
IDENTIFIED WITH sha256_hash BY '0000000000000000000000000000000000000000000000000000000000000000'
DEFAULT ROLE stepwell_employer
SETTINGS SQL_employer_id = 'acme' READONLY;
