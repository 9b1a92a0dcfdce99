"""What a home and the machine it stands on are like: every examination with its verdict and, where needed, the remedy.

`checking` says what keeps a home from being served; the doctor repeats that and looks further: at rights, the clock,
chance, TLS, backups, the database server, the store, the processes. It changes nothing, and needs no Django.
"""

from dedere.node.doctor.examined import Examined, Verdict
from dedere.node.doctor.examining import examine
from dedere.node.doctor.machine import Machine, Room, ThisMachine

__all__ = ["Examined", "Machine", "Room", "ThisMachine", "Verdict", "examine"]
