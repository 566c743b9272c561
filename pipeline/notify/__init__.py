"""Who hears of what calls for a person, and over which channel.

What belongs here: the message, the operator's settings and the channels (a webhook, e-mail). What is
worth a message is for those who watch.
"""
