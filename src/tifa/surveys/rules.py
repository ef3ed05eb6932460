"""Who may see surveys, and who may run them."""

import rules

from tifa.organisation.rules import is_auditor, is_leader, is_ortal, is_reporter

rules.add_perm("surveys.view", is_reporter | is_ortal | is_leader | is_auditor)
rules.add_perm("surveys.run", is_reporter | is_ortal)
