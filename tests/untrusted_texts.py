"""Texts that something on the way might take for more than text."""

from __future__ import annotations

TEXTS = (
    # Spark's variables (VariableSubstitution), Hadoop's (Configuration.substituteVars), Log4j's.
    "${env:HOME}", "${system:java.version}", "${spark.app.name}", "${sparkconf:spark.app.name}",
    "${hivevar:a}", "${env.HOME}", "${env.NONE-other}", "${user.home}", "${fs.defaultFS}",
    "${jndi:ldap://127.0.0.1/a}", "${${env:HOME}}", "$(id)", "`id`",
    # SQL: quotes, escapes, comments, parameter markers, names of our own columns and lambdas.
    "it's", 'say "so"', "back\\slash", "end\\", "\\' or 1=1 --", "tick`tock", "``", ":name", "?",
    "a -- b", "/* a */", "'); drop table products; --", "s_0", "i0 -> i0", "\\u0041", "_metadata",
    # Templates: Python's, Mustache, Painless, ours.
    "{0.__class__}", "%s %(a)s", "{{q}}", "{{#toJson}}q{{/toJson}}", "params.a", "[[a]]",
    # Ends of lines and what separates inside this code.
    "line\nend", "carriage\r\nreturn", "tab\tstop", "comma,semi;pipe|", "a.b[0]",
)  # fmt: skip
