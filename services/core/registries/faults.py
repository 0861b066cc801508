"""What is wrong with a registry's document."""

from __future__ import annotations


class RegistryFault(ValueError):
    """The document cannot be read as a registry; the text says why."""
