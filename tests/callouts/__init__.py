"""Call-outs: the answer parser, the way of a call-out, its pages."""
