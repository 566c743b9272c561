"""What sentences say of visas: clauses, polarity, topic, context. No other room calls into it; `reading` is the door."""
