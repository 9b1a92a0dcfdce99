"""A counterpart that answers by rules: for officers who train alone, for demonstrations, and for the simulator."""
