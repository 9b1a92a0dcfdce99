"""Who a case is about, and the protected identities among them."""
