-- One row, written anew by each load first of all, so that loads follow one another.
CREATE TABLE IF NOT EXISTS load_lock (
    taken_at TIMESTAMP
)
DISTSTYLE ALL;
