"""Is an employer exempt from the yearly cap, and why? Findings of registers, rules in order, one answer with its evidence.

Whether it sponsors anyone is not decided here.
"""
