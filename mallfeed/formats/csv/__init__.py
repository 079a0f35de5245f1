"""CSV and TSV: records of cells."""
