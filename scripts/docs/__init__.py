"""What is generated of docs/ and catalogs/, out of the code that it describes: `python -m scripts.docs`."""
