"""The pure core: ids, holdings, stacks, guidance. No I/O, no clock, no randomness: everything it needs is handed in."""
