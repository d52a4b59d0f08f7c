"""Call-outs: who is asked to come, on which ways, and what they answered."""
