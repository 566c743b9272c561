"""What the law of the day asks: regimes of the payment with new petitions, and orders of states not to file.

What belongs here: reading the dated rows of `reference/law/` and saying which of them hold on a day. What doesn't: whom a
row binds, which is for cap exemption to find, and what follows for a program. No day and no sentence of law stands in code.
"""
