"""Dashboard: what an employer sees of its workers, as pages and as JSON.

Reads ClickHouse's published views alone; the tenant comes from the credential and from nowhere else.
"""
