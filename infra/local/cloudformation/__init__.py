"""What CloudFormation refuses, and what it would do, decided before anything is made.

Driven by the resource schemas in cfn-lint's wheel and the template language; no resource of this project is named.
docs/decisions/strict-cloudformation.md has what is refused, and what not yet.
"""

from infra.local.cloudformation.changes import Change, Detail, change_set
from infra.local.cloudformation.errors import Refused
from infra.local.cloudformation.stacks import State
from infra.local.cloudformation.template import Template
from infra.local.cloudformation.validate import validated

__all__ = ["Change", "Detail", "Refused", "State", "Template", "change_set", "validated"]
