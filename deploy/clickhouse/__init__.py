"""ClickHouse's tables: numbered migrations with a way back, and what runs them."""
