"""
The peers, each a script of its own: JSON on standard input, one line of JSON on standard output.

They run in the peers' environment, so nothing here may import the service. The clock starts after the imports: how fast a
library loads is not measured.
"""
