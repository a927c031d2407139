"""What `taskbell doctor` looks at: each module examines one side and returns findings."""
