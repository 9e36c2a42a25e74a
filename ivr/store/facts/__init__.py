"""What is kept as JSON, kind by kind: each named once, typed, with an example. Sentences are made of it elsewhere."""
