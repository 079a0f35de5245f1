"""Entry: `python -m infra.redshift`."""

from infra.redshift import FOLDER, files

for name, text in files().items():
    (FOLDER / name).write_text(text, "utf-8")
