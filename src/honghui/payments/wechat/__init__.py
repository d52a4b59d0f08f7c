"""WeChat Pay, API v3: how it signs, what it tells, what we ask of it.

Pure but for `credentials` (files) and `client` (the network). The simulator speaks with the same
functions from the other side. Written from the platform's public description.
"""
