"""Who may do what in the chain."""

import rules

from tifa.organisation.rules import (
    is_administrator,
    is_auditor,
    is_leader,
    is_ortal,
    is_reporter,
    is_signed_in,
)

rules.add_perm("chain.report", is_reporter)
rules.add_perm("chain.record_finding", is_ortal)
rules.add_perm("chain.decide", is_ortal)
rules.add_perm("chain.view_gaps", is_reporter | is_ortal | is_leader | is_auditor)
rules.add_perm("chain.publish_ledgers", is_ortal)
rules.add_perm("chain.set_deadlines", is_ortal)
rules.add_perm("chain.view_brief", is_leader | is_ortal | is_auditor)
rules.add_perm("chain.discover", is_ortal)
rules.add_perm("chain.name_hosts", is_administrator)
rules.add_perm("chain.manage_campaigns", is_ortal)
rules.add_perm("chain.view_campaigns", is_reporter | is_ortal | is_leader | is_auditor)
rules.add_perm("chain.delegate", is_reporter | is_ortal)
rules.add_perm("chain.read_messages", is_signed_in)
rules.add_perm("chain.manage_outbox", is_ortal)
