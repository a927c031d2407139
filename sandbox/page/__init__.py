"""The page on which people see and use the simulated Slack and the providers: a JSON interface,
server-sent events, and plain HTML, CSS and JavaScript in `static/`."""
