"""Who may take a whole workbook in, and who may take everything along."""

import rules

from tifa.organisation.rules import is_administrator, is_ortal

IMPORT = "exchange.import_workbook"
EXPORT = "exchange.export_all"

rules.add_perm(IMPORT, is_ortal | is_administrator)
rules.add_perm(EXPORT, is_ortal | is_administrator)
