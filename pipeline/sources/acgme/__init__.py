"""ACGME lists of accredited programs in each of their forms."""
