"""Files that people write in YAML: read with the place of each value, faults said in plain words."""
