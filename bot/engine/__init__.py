"""Who runs what when: loops that work whenever there is work, timers whose ticks are claimed."""
