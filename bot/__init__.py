"""The application: brings tasks to people in Slack and their answers back to the providers."""
