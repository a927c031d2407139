"""Every sentence that people read, in their language: a module for each surface.

Functions take the reader's language first. What providers and people wrote stands in sentences as
it is.
"""
