"""`python -m bot` is `taskbell`, for places that install only what the bot needs."""

from bot.cli import main

if __name__ == "__main__":
    main()
