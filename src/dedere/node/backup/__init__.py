"""A node's backup: moments of a home on a medium, made while the node runs, and homes made from them again.

A *medium* is a folder (a disk, a share). `files/` holds what lies sealed in the home, each file once under its SHA-256;
`moments/` holds one sealed file a moment with everything else: settings, keys, cards and the database as it stood. Only
who has the backup key can open a moment, and that key is not on the node. Nothing here needs Django.
"""

from dedere.node.backup.making import Made, make_backup
from dedere.node.backup.medium import Medium
from dedere.node.backup.recipients import make_backup_key, read_recipients
from dedere.node.backup.restoring import Rehearsal, Restored, rehearse, restore

__all__ = [
    "Made",
    "Medium",
    "Rehearsal",
    "Restored",
    "make_backup",
    "make_backup_key",
    "read_recipients",
    "rehearse",
    "restore",
]
