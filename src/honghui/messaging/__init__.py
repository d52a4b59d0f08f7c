"""Messages out and in: text message, voice, push, WeCom, DingTalk; a simulated gateway."""
