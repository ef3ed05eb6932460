"""Who may read dossiers, and who may write them."""

import rules

from tifa.organisation.rules import is_auditor, is_leader, is_ortal, is_reporter

rules.add_perm("dossiers.view", is_reporter | is_ortal | is_leader | is_auditor)
rules.add_perm("dossiers.write", is_reporter)
rules.add_perm("dossiers.comment", is_reporter | is_ortal)
rules.add_perm("dossiers.view_city", is_ortal | is_leader | is_auditor)
rules.add_perm("dossiers.move_deadline", is_ortal)
