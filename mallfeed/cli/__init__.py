"""The command `mallfeed`: arguments in, one call into the library, tables or JSON out."""
