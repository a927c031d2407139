"""The demo: the real bot against the sandbox, seen and used in a web page.

Two processes live by one clock: the sandbox with its page (`show`), and the bot as its child
(`child`), which it can kill and start again.
"""
