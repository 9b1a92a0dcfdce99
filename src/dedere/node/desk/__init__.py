"""What pages read where it spans several parts of the node: reads only, each from what this officer may see."""
