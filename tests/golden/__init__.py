"""Golden pairs of every dialect: see README.md."""
