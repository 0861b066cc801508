"""Grafana dashboards as code, over the published views and those of operators."""
