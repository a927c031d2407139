"""A simulated Slack workspace and simulated providers; knows nothing of the bot."""
