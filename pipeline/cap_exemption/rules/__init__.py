"""The rules, a module a prong: small decorated functions with their legal basis and their sentence. Their order is in `decision_list`."""
