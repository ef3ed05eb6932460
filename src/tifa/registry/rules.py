"""Who may see and change innovations."""

import rules

from tifa.organisation.rules import is_auditor, is_leader, is_ortal, is_reporter

rules.add_perm("registry.view_innovations", is_reporter | is_ortal | is_leader | is_auditor)
rules.add_perm("registry.add_evidence", is_reporter | is_ortal)
