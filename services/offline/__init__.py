"""Offline: the verbs that need no server: check a catalog, evaluate and explain from files."""
