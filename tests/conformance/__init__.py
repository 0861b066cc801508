"""How well the record store keeps to xAPI, measured by what others published."""
