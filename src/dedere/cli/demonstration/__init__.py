"""The demonstration: two fictional offices, one request, end to end, over real processes and real sockets."""
