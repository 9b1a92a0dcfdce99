"""What travels between authorities and by which numbered rules it is accepted. No input or output of its own."""
