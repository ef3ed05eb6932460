"""Who may see the services of units, and who may change them."""

import rules

from tifa.organisation.rules import is_auditor, is_leader, is_ortal, is_reporter

rules.add_perm("standards.view", is_reporter | is_ortal | is_leader | is_auditor)
rules.add_perm("standards.write", is_reporter | is_ortal)
