"""Field types as Spark SQL: each turns source columns into cell, parsed, value and problems."""
