"""A report: what is computed, and the page, the document and the figures that show it."""

from derivations.report.folder import require_writable, write
from derivations.report.study import Settings, Study, study

__all__ = ["Settings", "Study", "require_writable", "study", "write"]
