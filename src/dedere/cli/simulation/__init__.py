"""The simulator: many authorities over a hostile network, in virtual time, from one seed."""
