"""Pure rules: what people should see and what they may do. No I/O, no clock but the one given."""
