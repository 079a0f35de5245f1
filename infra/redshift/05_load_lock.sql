-- Holds no row: each load locks it first, so that loads follow one another.
CREATE TABLE IF NOT EXISTS load_lock (
    unused INTEGER
)
DISTSTYLE ALL;
