"""Services: the three that run (ingest, aggregate, dashboard), what they share, and the command."""
