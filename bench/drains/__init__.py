"""Children of `bench.engines`: one program for each engine that drains deliveries."""
